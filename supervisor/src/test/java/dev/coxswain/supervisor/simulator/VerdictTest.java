package dev.coxswain.supervisor.simulator;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.netty.handler.codec.http.HttpMethod;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

import static dev.coxswain.supervisor.simulator.StudioClient.STUDIO;
import static org.assertj.core.api.Assertions.assertThat;

class VerdictTest extends SimulatorTestBase {
    private Simulator simulator;
    private StudioClient client;

    @BeforeEach
    void startOne() {
        simulator = start(config(1));
        client = client(simulator);
    }

    private Verdict verdict() {
        return simulator.ledger().verdict(STUDIO);
    }

    private void only(Violation violation, long times) {
        for (Violation each : Violation.values()) {
            assertThat(verdict().count(each)).as(each.label()).isEqualTo(each == violation ? times : 0);
        }
        assertThat(verdict().clean()).isFalse();
    }

    private String putUrl(String project) {
        return client.sign(0, project, "a.png", "image/png").json().path("uploads").path(0).path("uploadUrl")
                .stringValue();
    }

    @Test
    void aRunByTheRulesIsClean() {
        String project = client.lease(0);
        clock.advance(Duration.ofSeconds(20));
        client.heartbeat(0, project);
        client.finish(0, project);

        assertThat(verdict().clean()).isTrue();
        assertThat(verdict().completed()).isEqualTo(1);
        assertThat(verdict().settle().p99()).isEqualTo(Duration.ofSeconds(20));
        assertThat(simulator.ledger().verdict().clean()).isTrue();
    }

    @Test
    void aJobThatNobodySettledIsLost() {
        assertThat(verdict().clean()).isFalse();
        assertThat(verdict().lost()).isEqualTo(1);
        assertThat(verdict().queued()).isEqualTo(1);
        client.lease(0);
        assertThat(verdict().lost()).isEqualTo(1);
        assertThat(verdict().leased()).isEqualTo(1);
    }

    @Test
    void theSameReportAgainIsCountedButNoViolation() {
        String project = client.lease(0);
        String url = client.finish(0, project);
        client.complete(0, project, url);

        assertThat(verdict().clean()).isTrue();
        assertThat(verdict().repeatedReports()).isEqualTo(1);
    }

    @Test
    void aFailAfterACompleteIsAnOppositeReport() {
        String project = client.lease(0);
        client.finish(0, project);
        client.fail(0, project);

        only(Violation.OPPOSITE_REPORT, 1);
    }

    @Test
    void aCompleteAfterAFailIsAnOppositeReport() {
        String project = client.lease(0);
        client.fail(0, project);
        client.complete(0, project, ELSEWHERE);

        only(Violation.OPPOSITE_REPORT, 1);
    }

    @Test
    void twoAcceptedReportsAreSettledTwice() {
        Ledger ledger = new Ledger(clock);
        JobKey job = new JobKey("any", "1");
        ledger.queued(job, 0);
        ledger.leased(job, "a", 0, Long.MAX_VALUE, true);
        ledger.ended(job, JobEnd.COMPLETED, 1);
        ledger.ended(job, JobEnd.COMPLETED, 2);

        assertThat(ledger.verdict().count(Violation.SETTLED_TWICE)).isEqualTo(1);
        assertThat(ledger.verdict().clean()).isFalse();
    }

    @Test
    void aLeaseThatRanOutWithoutAFaultWasLostByItsRunner() {
        client.lease(0);
        clock.advance(LEASE);
        client.finish(1, client.lease(1));

        only(Violation.LEASE_LOST, 1);
    }

    @Test
    void aLeaseThatNobodyHadHeardOfWhenTheRunnersDiedIsExcused() {
        client.lease(0);
        clock.advance(Duration.ofMillis(1_900));
        simulator.ledger().runnersDied();
        clock.advance(LEASE);
        client.finish(1, client.lease(1));

        assertThat(verdict().clean()).isTrue();
        assertThat(verdict().excusedExpiries()).isEqualTo(1);
    }

    @Test
    void aRunnerThatHadTimeForAHeartbeatAndSentNoneIsNotExcusedByItsDeath() {
        client.lease(0);
        clock.advance(Duration.ofMillis(2_100));
        simulator.ledger().runnersDied();
        clock.advance(LEASE);
        client.finish(1, client.lease(1));

        only(Violation.LEASE_LOST, 1);
    }

    @Test
    void aLeaseThatAnsweredARequestOfTheDeadIsExcused() {
        leaseAfterADeath(Duration.ofMillis(200));

        assertThat(verdict().clean()).isTrue();
        assertThat(verdict().excusedExpiries()).isEqualTo(1);
    }

    @Test
    void aLeaseOfTheNextLifeIsNotExcusedByTheDeathBefore() {
        leaseAfterADeath(Duration.ofMillis(300));

        only(Violation.LEASE_LOST, 1);
    }

    private void leaseAfterADeath(Duration later) {
        clock.advance(LEASE);
        simulator.ledger().runnersDied();
        clock.advance(later);
        client.lease(0);
        clock.advance(LEASE);
        client.finish(1, client.lease(1));
    }

    @Test
    void aLeaseThatWasHeldWhenTheRunnersDiedHasToBeKeptByTheNextLife() {
        String job = client.lease(0);
        client.heartbeat(0, job);
        clock.advance(Duration.ofMillis(600));
        simulator.ledger().runnersDied();
        clock.advance(LEASE);
        client.finish(1, client.lease(1));

        only(Violation.LEASE_LOST, 1);
    }

    @Test
    void aLeaseThatRanOutAfterAnOutageIsExcused() {
        client.lease(0);
        StudioClient.now(simulator.restart(Duration.ZERO).thenReturn(true));
        clock.advance(LEASE);
        // a new client: the old one's connections may not yet know that they were closed
        StudioClient fresh = client(simulator);
        fresh.finish(1, fresh.lease(1));

        assertThat(verdict().clean()).isTrue();
        assertThat(verdict().excusedExpiries()).isEqualTo(1);
    }

    @Test
    void aSignCallAfterTheLeaseIsAWriteAfterItsEnd() {
        String project = client.lease(0);
        clock.advance(LEASE);
        client.sign(0, project, "a.png", "image/png");

        assertThat(verdict().count(Violation.WRITE_AFTER_LEASE_END)).isEqualTo(1);
        assertThat(verdict().count(Violation.RUN_TWICE)).isZero();
    }

    @Test
    void aReportAfterTheLeaseIsAWriteAfterItsEnd() {
        String project = client.lease(0);
        clock.advance(LEASE);
        client.fail(0, project);

        assertThat(verdict().count(Violation.WRITE_AFTER_LEASE_END)).isEqualTo(1);
    }

    @Test
    void anUploadThatBeginsAfterTheLeaseIsAWriteAfterItsEnd() {
        String url = putUrl(client.lease(0));
        clock.advance(LEASE);
        client.put(url, "image/png", new byte[]{1});

        assertThat(verdict().count(Violation.WRITE_AFTER_LEASE_END)).isEqualTo(1);
    }

    @Test
    void anUploadThatBeganBeforeTheEndIsNoViolationHoweverLateItIsJudged() {
        Ledger ledger = new Ledger(clock);
        JobKey job = new JobKey("any", "1");
        ledger.queued(job, 0);
        ledger.leased(job, "a", 0, 100, true);
        ledger.ended(job, JobEnd.EXPIRED, 100);
        ledger.put(job, 1, 99);
        ledger.refused(job, "a", CallKind.SETTLE, JobEnd.COMPLETED, 99);
        assertThat(ledger.verdict().count(Violation.WRITE_AFTER_LEASE_END)).isZero();
        ledger.put(job, 1, 100);

        assertThat(ledger.verdict().count(Violation.WRITE_AFTER_LEASE_END)).isEqualTo(1);
    }

    @Test
    void anUploadThatBeginsAfterTheReportIsAWriteAfterTheEnd() {
        String project = client.lease(0);
        String url = putUrl(project);
        client.fail(0, project);
        client.put(url, "image/png", new byte[]{1});

        only(Violation.WRITE_AFTER_LEASE_END, 1);
    }

    @Test
    void aLateHeartbeatIsNoViolationOfItsOwn() {
        String project = client.lease(0);
        clock.advance(LEASE);
        client.heartbeat(0, project);

        assertThat(verdict().count(Violation.WRITE_AFTER_LEASE_END)).isZero();
        assertThat(verdict().count(Violation.RUN_TWICE)).isZero();
    }

    @Test
    void aReportWhileAnotherRunnerHoldsTheJobIsRunTwice() {
        String project = client.lease(0);
        clock.advance(LEASE);
        client.lease(1);
        client.complete(0, project, ELSEWHERE);

        assertThat(verdict().count(Violation.RUN_TWICE)).isEqualTo(1);
    }

    @Test
    void heartbeatsThatGoOnAfterTheRefusalAreRunTwice() {
        String project = client.lease(0);
        clock.advance(LEASE);
        client.lease(1);
        client.heartbeat(0, project);
        assertThat(verdict().count(Violation.RUN_TWICE)).isZero();
        clock.advance(Duration.ofSeconds(3));
        client.heartbeat(0, project);

        assertThat(verdict().count(Violation.RUN_TWICE)).isEqualTo(1);
    }

    @Test
    void aWriteByARunnerThatNeverHeldTheJobIsAViolation() {
        client.fail(1, client.lease(0));

        assertThat(verdict().count(Violation.WRITE_AFTER_LEASE_END)).isEqualTo(1);
    }

    @Test
    void twoLeaseRequestsOfOneTokenInFlightOverlap() {
        Simulator late = start(config(2).withFaults(FaultProfile.of(Fault.LATENCY, 1)));
        StudioClient to = client(late);
        StudioClient.now(Mono.zip(to.callLater(to.token(0), "leaseRunnerJob", "{}"),
                to.callLater(to.token(0), "leaseRunnerJob", "{}")));

        // the judge waits a moment to see whether the client of the first one had gone
        StudioClient.now(Flux.interval(Duration.ofMillis(20))
                .filter(tick -> late.ledger().verdict().count(Violation.TOKEN_OVERLAP) == 1).next());
    }

    @Test
    void twoTokensInFlightDoNotOverlap() {
        Simulator late = start(config(2).withFaults(FaultProfile.of(Fault.LATENCY, 1)));
        StudioClient to = client(late);
        StudioClient.now(Mono.zip(to.callLater(to.token(0), "leaseRunnerJob", "{}"),
                to.callLater(to.token(1), "leaseRunnerJob", "{}")));
        to.call(to.token(0), "leaseRunnerJob", "{}");

        assertThat(late.ledger().verdict().count(Violation.TOKEN_OVERLAP)).isZero();
    }

    @Test
    void aTokenInAnErrorTextIsSeen() {
        String project = client.lease(0);
        client.call(client.token(0), "failRunnerJob",
                "{\"projectId\":\"" + project + "\",\"error\":\"401 for " + client.token(1) + "\"}");

        only(Violation.SECRET_SEEN, 1);
    }

    @Test
    void aTokenInAUrlIsSeenAndNotRepeatedByTheLedger() {
        String base = simulator.url(STUDIO) + "/leaseRunnerJob";
        client.get(base + "?key=" + client.token(0));
        client.get(base + "/" + client.token(0));

        assertThat(verdict().count(Violation.SECRET_SEEN)).isEqualTo(2);
        assertThat(client.get(simulator.base() + "/_sim/ledger").body())
                .doesNotContain(client.token(0).substring(client.token(0).indexOf('.') + 1));
    }

    @Test
    void aTokenInAHeaderIsSeen() {
        StudioClient.now(client.send(HttpMethod.POST, URI.create(simulator.url(STUDIO) + "/leaseRunnerJob"),
                Map.of("X-Key", client.token(0)), null));

        assertThat(verdict().count(Violation.SECRET_SEEN)).isEqualTo(1);
    }

    @Test
    void aSignedUrlInTheResultIsSeenAndNamesNoArtifact() {
        String project = client.lease(0);
        String url = putUrl(project);
        client.put(url, "image/png", new byte[]{1});
        client.complete(0, project, url);

        assertThat(verdict().count(Violation.SECRET_SEEN)).isEqualTo(1);
        assertThat(verdict().count(Violation.MISSING_ARTIFACT)).isEqualTo(1);
    }

    @Test
    void aBearerSentToTheStoreIsRefusedAndSeen() {
        String project = client.lease(0);
        String url = putUrl(project);
        StudioClient.Reply bearer = client.put(url, Map.of("Content-Type", "image/png", "Content-Length", "1",
                "Authorization", "Bearer " + client.token(0)), new byte[]{1});
        StudioClient.Reply cookie = client.put(url,
                Map.of("Content-Type", "image/png", "Content-Length", "1", "Cookie", "a=b"), new byte[]{1});

        assertThat(bearer.status()).isEqualTo(403);
        assertThat(cookie.status()).isEqualTo(403);
        client.finish(0, project);
        only(Violation.BEARER_SENT_TO_STORE, 2);
    }

    @Test
    void aReferenceToNothingIsAMissingArtifact() {
        client.complete(0, client.lease(0), ELSEWHERE);

        only(Violation.MISSING_ARTIFACT, 1);
    }

    @Test
    void anEmptyFileIsAMissingArtifact() {
        String project = client.lease(0);
        JsonNode upload = client.sign(0, project, "a.png", "image/png").json().path("uploads").path(0);
        client.put(upload.path("uploadUrl").stringValue(), "image/png", new byte[0]);
        client.complete(0, project, upload.path("publicUrl").stringValue());

        only(Violation.MISSING_ARTIFACT, 1);
    }

    @Test
    void anotherJobsFileIsAMissingArtifact() {
        simulator.enqueue(STUDIO, 1);
        String url = client.finish(0, client.lease(0));
        client.complete(0, client.lease(0), url);

        only(Violation.MISSING_ARTIFACT, 1);
    }

    @Test
    void progressIsToldAndTheEndOfAllJobsToo() {
        simulator.enqueue(STUDIO, 1);
        StepVerifier.create(simulator.ledger().settled().take(2)).then(() -> client.fail(0, client.lease(0)))
                .assertNext(event -> assertThat(event.settled()).isEqualTo(1))
                .then(() -> client.finish(1, client.lease(1))).assertNext(event -> {
                    assertThat(event.end()).isEqualTo(JobEnd.COMPLETED);
                    assertThat(event.holder()).isEqualTo("xenonflare-2");
                    assertThat(event.total()).isEqualTo(2);
                }).expectComplete().verify(Duration.ofSeconds(60));

        StepVerifier.create(simulator.ledger().whenAllSettled()).expectComplete().verify(Duration.ofSeconds(60));
    }

    @Test
    void waitingForTheEndFailsWhenTheSimulatorStopsBefore() {
        StepVerifier.create(simulator.ledger().whenAllSettled())
                .then(() -> simulator.stop().block(Duration.ofSeconds(60)))
                .expectErrorMessage("the simulator stopped with jobs open").verify(Duration.ofSeconds(60));
    }
}
