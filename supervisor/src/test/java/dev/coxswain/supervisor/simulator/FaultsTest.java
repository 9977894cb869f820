package dev.coxswain.supervisor.simulator;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;

import reactor.core.publisher.Mono;
import reactor.netty.http.client.PrematureCloseException;
import tools.jackson.databind.JsonNode;

import static dev.coxswain.supervisor.simulator.StudioClient.STUDIO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Each fault, always on, as its client sees it. */
class FaultsTest extends SimulatorTestBase {
    private Simulator with(Fault fault) {
        return start(config(3).withFaults(FaultProfile.of(fault, 1)));
    }

    private static Mono<StudioClient.Reply> leaseLater(StudioClient to) {
        return to.callLater(to.token(0), "leaseRunnerJob", "{}");
    }

    private static void breaks(StudioClient to) {
        assertThatThrownBy(() -> StudioClient.now(leaseLater(to))).satisfies(e -> assertThat(
                e instanceof IOException || e.getCause() instanceof IOException).as(e.toString()).isTrue());
    }

    @Test
    void latencyOnlyTakesTime() {
        Simulator simulator = with(Fault.LATENCY);
        long before = System.nanoTime();

        assertThat(StudioClient.now(leaseLater(client(simulator))).status()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
        assertThat(simulator.ledger().faults(Fault.LATENCY)).isEqualTo(1);
    }

    @Test
    void serverErrorsProcessNothing() {
        Simulator simulator = with(Fault.SERVER_ERROR);
        StudioClient to = client(simulator);
        Set<Integer> seen = new TreeSet<>();
        for (int i = 0; i < 40; i++) {
            seen.add(StudioClient.now(leaseLater(to)).status());
        }

        assertThat(seen).containsExactly(500, 502, 503, 504);
        assertThat(simulator.ledger().verdict().leases()).isZero();
    }

    @Test
    void tooManyRequestsSayWhenToComeBack() {
        Simulator simulator = with(Fault.TOO_MANY_REQUESTS);
        StudioClient.Reply reply = StudioClient.now(leaseLater(client(simulator)));

        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.headers().get("Retry-After")).isIn("0", "1", "2");
        assertThat(simulator.ledger().verdict().leases()).isZero();
    }

    @Test
    void aResetBeforeProcessesNothing() {
        Simulator simulator = with(Fault.RESET_BEFORE);
        breaks(client(simulator));

        assertThat(simulator.ledger().verdict().leases()).isZero();
        assertThat(simulator.ledger().faults(Fault.RESET_BEFORE)).isEqualTo(1);
    }

    @Test
    void aResetAfterGrantsALeaseThatNobodyHearsOf() {
        Simulator simulator = with(Fault.RESET_AFTER);
        breaks(client(simulator));
        clock.advance(simulator.config().leaseLength());

        Verdict verdict = simulator.ledger().verdict();
        assertThat(verdict.unheardLeases()).isEqualTo(1);
        assertThat(verdict.excusedExpiries()).isEqualTo(1);
        assertThat(verdict.count(Violation.LEASE_LOST)).isZero();
    }

    @Test
    void aReportWhoseAnswerWasLostMayBeRepeated() {
        Simulator simulator = with(Fault.RESET_AFTER);
        StudioClient to = client(simulator);
        breaks(to);
        Mono<StudioClient.Reply> fail = to.callLater(to.token(0), "failRunnerJob",
                "{\"projectId\":\"project-1\",\"error\":\"it broke\"}");
        assertThatThrownBy(() -> StudioClient.now(fail)).isNotNull();
        assertThatThrownBy(() -> StudioClient.now(fail)).isNotNull();

        Verdict verdict = simulator.ledger().verdict();
        assertThat(verdict.failed()).isEqualTo(1);
        assertThat(verdict.repeatedReports()).isEqualTo(1);
        assertThat(verdict.violations()).allSatisfy((rule, count) -> assertThat(count).as(rule.label()).isZero());
    }

    @Test
    void aSlowBodyArrivesWhole() {
        Simulator simulator = with(Fault.SLOW_BODY);
        long before = System.nanoTime();
        StudioClient.Reply reply = StudioClient.now(leaseLater(client(simulator)));

        assertThat(reply.json().path("leased").booleanValue()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aTruncatedBodyEndsInTheMiddle() {
        Simulator simulator = with(Fault.TRUNCATED);
        StudioClient to = client(simulator);

        assertThatThrownBy(() -> StudioClient.now(leaseLater(to)))
                .hasCauseInstanceOf(PrematureCloseException.class);
        assertThat(simulator.ledger().verdict().unheardLeases()).isEqualTo(1);
    }

    @Test
    void anAnswerMayBeNoJson() {
        Simulator simulator = with(Fault.NON_JSON);
        StudioClient to = client(simulator);
        Set<Integer> seen = new TreeSet<>();
        for (int i = 0; i < 20; i++) {
            StudioClient.Reply reply = StudioClient.now(leaseLater(to));
            assertThat(reply.body()).startsWith("<!DOCTYPE html>");
            seen.add(reply.status());
        }

        assertThat(seen).containsExactly(200, 502);
        assertThat(simulator.ledger().verdict().unheardLeases()).isEqualTo(3);
    }

    @Test
    void aStolenLeaseIsToldAtTheNextCallAndNobodyIsToBlame() {
        Simulator simulator = with(Fault.LEASE_STOLEN);
        StudioClient to = client(simulator);
        String project = to.lease(0);

        assertThat(to.heartbeat(0, project).status()).isEqualTo(409);
        assertThat(to.sign(0, project, "a.png", "image/png").status()).isEqualTo(409);
        assertThat(simulator.ledger().verdict().stolenLeases()).isEqualTo(1);
        assertThat(simulator.ledger().verdict().count(Violation.WRITE_AFTER_LEASE_END)).isZero();
        clock.advance(Duration.ofSeconds(3));
        to.sign(0, project, "a.png", "image/png");
        assertThat(simulator.ledger().verdict().count(Violation.WRITE_AFTER_LEASE_END)).isEqualTo(1);
    }

    @Test
    void aSkewedClockIsTheSameInDatesAndLeases() {
        Simulator simulator = with(Fault.CLOCK_SKEW);
        StudioClient.Reply reply = StudioClient.now(leaseLater(client(simulator)));
        Instant date = ZonedDateTime.parse(String.valueOf(reply.headers().get("Date")),
                DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        Duration skew = Duration.between(clock.now(), date);

        assertThat(skew.abs()).isBetween(Duration.ofMinutes(2), Duration.ofMinutes(7));
        assertThat(reply.json().path("leaseExpiresAt").longValue())
                .isEqualTo(date.plus(simulator.config().leaseLength()).toEpochMilli());
    }

    @Test
    void aBlackHoleNeverAnswers() {
        Simulator simulator = start(config(1)
                .withFaults(FaultProfile.of(Fault.BLACK_HOLE, 1).withBlackHole(Duration.ofMillis(200))));
        breaks(client(simulator));

        assertThat(simulator.ledger().verdict().leases()).isZero();
    }

    @Test
    void aRestartKeepsPortAndState() {
        Simulator simulator = start(config(2));
        StudioClient to = client(simulator);
        String project = to.lease(0);
        int port = simulator.base().getPort();
        StudioClient.now(simulator.restart(Duration.ofMillis(50)).thenReturn(true));

        assertThat(simulator.base().getPort()).isEqualTo(port);
        // a new client: the old one's connections may not yet know that they were closed
        assertThat(client(simulator).heartbeat(0, project).status()).isEqualTo(200);
        assertThat(simulator.ledger().faults(Fault.RESTART)).isEqualTo(1);
    }

    @Test
    void aRestartByFaultClosesTheConnectionAndComesBack() {
        Simulator simulator = with(Fault.RESTART);
        StudioClient to = client(simulator);
        breaks(to);

        // further restarts are at least five seconds of the simulator's clock away, and that stands still
        StudioClient.Reply reply = StudioClient
                .now(leaseLater(to).retryWhen(reactor.util.retry.Retry.fixedDelay(100, Duration.ofMillis(100))));
        assertThat(reply.json().path("projectId").stringValue()).isEqualTo("project-1");
    }

    @Test
    void scopesKeepFaultsAwayFromTheRest() {
        FaultProfile onlyStore = FaultProfile.of(Fault.SERVER_ERROR, 1).within(FaultProfile.Scope.STORE);
        Simulator simulator = start(config(1).withFaults(onlyStore));
        StudioClient to = client(simulator);
        JsonNode upload = to.sign(0, to.lease(0), "a.png", "image/png").json().path("uploads").path(0);

        assertThat(to.put(upload.path("uploadUrl").stringValue(), "image/png", new byte[]{1}).status())
                .isBetween(500, 504);
        assertThat(to.get(simulator.base() + "/_sim/health").status()).isEqualTo(200);
    }

    @Test
    void theLedgerIsJsonOfThisShape() {
        Simulator simulator = start(config(2));
        StudioClient to = client(simulator);
        to.finish(0, to.lease(0));
        to.fail(1, to.lease(1));
        JsonNode ledger = to.get(simulator.base() + "/_sim/ledger?jobs=1&requests=3").json();

        assertThat(ledger.propertyNames()).containsExactly("seed", "faultProfile", "clockSkewSeconds", "verdict",
                "protocols", "faults", "violations", "requests", "jobs", "jobsLeftOut");
        assertThat(ledger.path("verdict").path("clean").booleanValue()).isTrue();
        assertThat(ledger.path("verdict").path("violations").size()).isEqualTo(Violation.values().length);
        assertThat(ledger.path("protocols").path(STUDIO).path("completed").intValue()).isEqualTo(1);
        assertThat(ledger.path("jobsLeftOut").intValue()).isEqualTo(1);
        JsonNode job = ledger.path("jobs").path(0);
        assertThat(job.path("state").stringValue()).isEqualTo("completed");
        assertThat(job.path("history").path(0).path("runner").stringValue()).isEqualTo("xenonflare-1");
        assertThat(ledger.path("requests").path("total").intValue()).isEqualTo(6);
        assertThat(ledger.path("requests").path("recent").size()).isEqualTo(3);
        assertThat(to.get(simulator.base() + "/_sim/ledger?jobs=-1").status()).isEqualTo(400);
    }
}
