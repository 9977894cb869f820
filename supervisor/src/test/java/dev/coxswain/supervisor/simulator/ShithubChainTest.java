package dev.coxswain.supervisor.simulator;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.simulator.ShithubClient.Claimed;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static dev.coxswain.supervisor.simulator.ShithubClient.SHITHUB;
import static dev.coxswain.supervisor.simulator.ShithubClient.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Contract shithub-actions 2.3 and 2.4, over real HTTP: what uses a token up, what does not, and what the ledger thinks. */
class ShithubChainTest extends SimulatorTestBase {
    private static final String CHECK = "/cancel-check";

    private Simulator simulator;
    private ShithubClient shithub;
    private Claimed job;

    @BeforeEach
    void claimOne() {
        play(config(6));
    }

    private void play(SimulatorConfig config) {
        simulator = start(config.withProtocols(List.of(SHITHUB)));
        shithub = new ShithubClient(simulator, client(simulator));
        job = shithub.claim(0);
    }

    private long count(Violation violation) {
        return simulator.ledger().verdict(SHITHUB).count(violation);
    }

    private String path(String below) {
        return "/api/v1/jobs/" + job.id() + below;
    }

    private void lives() {
        assertThat(shithub.call(job, CHECK, "{}").status()).as("the token is good still").isEqualTo(200);
    }

    private void dead() {
        assertThat(said(shithub.call(job, CHECK, "{}"))).isEqualTo("401 job token replayed");
    }

    @Test
    void whatIsRefusedBeforeTheTokenIsUsedUpLeavesItAlive() {
        shithub.lever("{\"object_store\":false}");
        assertThat(said(shithub.call(job, "/artifacts/upload", "{"))).isEqualTo("503 object storage is not configured");
        lives();
        shithub.lever("{\"configured\":false}");
        assertThat(said(shithub.call(job, "/logs", "{"))).isEqualTo("503 runner API is not configured");
        shithub.lever("{\"configured\":true}");
        for (String id : List.of("0", "-1", "x", "99999999999999999999", "12")) {
            assertThat(said(shithub.send("POST", "/api/v1/jobs/" + id + "/logs", job.token, "{")))
                    .isEqualTo("404 job not found");
        }
        assertThat(said(shithub.send("POST", "/api/v1/jobs/x/logs", null, "{"))).isEqualTo("404 job not found");
        assertThat(said(shithub.send("POST", path("/logs"), null, "{"))).isEqualTo("401 job token required");
        assertThat(said(shithub.raw("POST", path("/logs"), Map.of("Authorization", "bearer " + job.token), null)))
                .isEqualTo("401 job token required");
        for (String token : List.of("x", "a.b.c", job.token + "x", job.token.substring(1))) {
            assertThat(said(shithub.send("POST", path("/logs"), token, "{"))).isEqualTo("401 job token invalid");
        }
        shithub.lever("{\"fail\":{\"lookup-500\":1,\"consume-401\":1}}");
        assertThat(said(shithub.call(job, "/logs", "{"))).isEqualTo("500 job lookup failed");
        assertThat(said(shithub.call(job, "/logs", "{"))).isEqualTo("401 job token invalid");
        lives();
        assertThat(simulator.ledger().violations()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"/logs||400 invalid JSON: EOF",
            "/logs|{\"seq\":0,\"chunk\":\"eA==\",\"trace\":1}|400 invalid JSON: unknown field \"trace\"",
            "/logs|{\"seq\":-1,\"chunk\":\"eA==\"}|400 seq must be non-negative",
            "/logs|{\"seq\":0,\"chunk\":\"e-_=\"}|400 chunk must be base64",
            "/logs|{\"seq\":0,\"chunk\":\"\"}|400 chunk must be between 1 and 524288 bytes",
            "/logs|{\"seq\":0,\"chunk\":\"eA==\",\"step_id\":5}|404 step not found",
            "/steps/abc/status|{\"status\":\"completed\"}|404 step not found",
            "/status|{}|400 status is required",
            "/status|{\"status\":\"skipped\"}|400 invalid status transition running -> skipped",
            "/status|{\"status\":\"completed\"}|400 invalid or missing conclusion",
            "/status|{\"status\":\"completed\",\"conclusion\":\"green\"}|400 invalid or missing conclusion",
            "/status|{\"status\":\"running\",\"conclusion\":\"success\"}|400 conclusion is only valid for terminal statuses",
            "/status|{\"status\":\"running\",\"started_at\":\"soon\"}|400 started_at: must be an RFC 3339 time",
            "/artifacts/upload|{\"name\":\"../x\"}|400 invalid artifact name",
            "/artifacts/upload|{\"name\":\"a\",\"size_bytes\":-1}|400 size_bytes must be non-negative"})
    void whatIsRefusedBehindThatEndsTheChain(String below, String body, String refusal) {
        assertThat(said(shithub.call(job, below, body == null ? "" : body))).isEqualTo(refusal);
        dead();
        assertThat(count(Violation.OUT_OF_ORDER)).as("whoever was refused knew").isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"consumed-500", "mint-500", "consumed-401"})
    void anErrorOfTheServerBehindThatEndsItToo(String failure) {
        shithub.lever("{\"fail\":{\"" + failure + "@logs\":1}}");
        lives();
        assertThat(shithub.log(job, 0, 0, "x").status()).isIn(500, 401);
        assertThat(said(shithub.log(job, 0, 0, "x"))).isEqualTo("401 job token replayed");
        shithub.beat(0, "{\"active_job_ids\":[]}");

        assertThat(shithub.page(job).path("steps").path(0).path("chunks").intValue())
                .isEqualTo(failure.equals("mint-500") ? 1 : 0);
        assertThat(count(Violation.LEASE_LOST)).as("it was the server's fault").isZero();
    }

    @Test
    void aLostAnswerEndsTheChainAndALostRequestDoesNot() {
        shithub.lever("{\"fail\":{\"request-lost@logs\":1}}");
        assertThatThrownBy(() -> shithub.log(job, 0, 0, "x")).isNotNull();
        assertThat(shithub.log(job, 0, 0, "x").status()).isEqualTo(202);
        shithub.lever("{\"fail\":{\"answer-lost@logs\":1}}");
        assertThatThrownBy(() -> shithub.log(job, 0, 1, "y")).isNotNull();
        assertThat(said(shithub.log(job, 0, 1, "y"))).isEqualTo("401 job token replayed");

        assertThat(shithub.page(job).path("steps").path(0).path("chunks").intValue()).isEqualTo(2);
        assertThat(simulator.ledger().violations()).as("repeating the same call is always safe").isEmpty();
        dead();
        assertThat(count(Violation.OUT_OF_ORDER)).as("going on is not").isEqualTo(1);
    }

    @Test
    void aReportWhoseAnswerWasLostMayBeRepeatedButNotTurnedRound() {
        for (int i = 0; i < job.steps(); i++) {
            shithub.step(job, i, "completed", "success");
        }
        shithub.lever("{\"fail\":{\"answer-lost@status\":1}}");
        assertThatThrownBy(() -> shithub.status(job, "completed", "success")).isNotNull();
        assertThat(said(shithub.status(job, "completed", "success"))).isEqualTo("401 job token replayed");
        assertThat(simulator.ledger().violations()).isEmpty();
        assertThat(simulator.ledger().verdict(SHITHUB).repeatedReports()).isEqualTo(1);
        shithub.status(job, "completed", "failure");
        assertThat(count(Violation.OPPOSITE_REPORT)).isEqualTo(1);
        shithub.log(job, 0, 9, "late");
        assertThat(count(Violation.WRITE_AFTER_LEASE_END)).isEqualTo(1);
    }

    @Test
    void onlyOneOfTwoCallsWithOneTokenIsLetInAndBothTogetherAreAViolation() {
        play(SimulatorConfig.defaults().withJobs(2).withFaults(FaultProfile.of(Fault.LATENCY, 1)));
        List<Integer> answers = Flux.range(0, 2)
                .flatMap(i -> shithub.sendLater("POST", path(CHECK), job.token, "{}"), 2)
                .map(StudioClient.Reply::status).collectSortedList().block(Duration.ofSeconds(60));

        assertThat(answers).containsExactly(200, 401);
        assertThat(StudioClient.now(overlap())).isTrue();
    }

    /** The judgement comes a moment after the answer. */
    private Mono<Boolean> overlap() {
        return Flux.interval(Duration.ofMillis(20)).map(tick -> count(Violation.TOKEN_OVERLAP) > 0).filter(seen -> seen)
                .next();
    }

    @Test
    void aTokenLivesFifteenMinutesFromItsCall() {
        clock.advance(Duration.ofMinutes(14).plusSeconds(59));
        lives();
        clock.advance(Duration.ofMinutes(14).plusSeconds(59));
        lives();
        clock.advance(Duration.ofMinutes(15));
        assertThat(said(shithub.log(job, 0, 0, "x"))).isEqualTo("401 job token invalid");

        assertThat(count(Violation.LEASE_LOST)).as("a job left running").isEqualTo(1);
        assertThat(count(Violation.WRITE_AFTER_LEASE_END)).isEqualTo(1);
        assertThat(shithub.page(job).path("status").stringValue()).as("the server does nothing").isEqualTo("running");
        assertThat(shithub.beat(0, "{}").status()).as("and it takes capacity").isEqualTo(204);
        assertThat(shithub.lever("{\"recover\":true}").json().path("recovered").intValue()).isEqualTo(1);
        assertThat(simulator.ledger().verdict(SHITHUB).cancelled()).isEqualTo(1);
        assertThat(shithub.beat(0, "{}").status()).isEqualTo(200);
    }

    @Test
    void anOperatorCanEndATokensLife() {
        assertThat(shithub.lever("{\"expire\":" + job.id() + "}").json().path("expired").booleanValue()).isTrue();
        assertThat(said(shithub.log(job, 0, 0, "x"))).isEqualTo("401 job token invalid");
        shithub.beat(0, "{\"active_job_ids\":[]}");

        assertThat(simulator.ledger().violations()).isEmpty();
        assertThat(simulator.ledger().verdict(SHITHUB).cancelled()).isEqualTo(1);
    }

    @Test
    void aTokenIsWorthNothingInAnotherPlace() {
        String checkout = job.job.path("checkout_token").stringValue();
        assertThat(said(shithub.send("POST", path(CHECK), checkout, "{}"))).isEqualTo("401 job token invalid");
        assertThat(count(Violation.SECRET_SEEN)).isEqualTo(1);
        assertThat(said(shithub.send("POST", path(CHECK), shithub.token(0), "{}"))).isEqualTo("401 job token invalid");
        assertThat(count(Violation.SECRET_SEEN)).isEqualTo(2);
        assertThat(said(shithub.send("POST", "/api/v1/runners/heartbeat", job.token, "{}")))
                .isEqualTo("401 runner token invalid");
        assertThat(count(Violation.SECRET_SEEN)).isEqualTo(3);
        shithub.send("POST", path(CHECK), null, "{\"text\":\"" + job.token + "\"}");
        assertThat(count(Violation.SECRET_SEEN)).isEqualTo(4);
        Claimed other = shithub.claim(1);
        assertThat(said(shithub.send("POST", "/api/v1/jobs/" + other.id() + CHECK, job.token, "{}")))
                .isEqualTo("404 job not found");
        lives();
    }

    @Test
    void aBodyOverTheCapEndsTheChain() {
        assertThat(said(shithub.call(job, "/logs", "{\"seq\":0,\"chunk\":\"" + "A".repeat(800_000) + "\"}")))
                .startsWith("400 invalid JSON: ");
        dead();
    }
}
