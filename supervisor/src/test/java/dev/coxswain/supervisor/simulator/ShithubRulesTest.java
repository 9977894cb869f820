package dev.coxswain.supervisor.simulator;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.coxswain.supervisor.simulator.ShithubClient.Claimed;
import tools.jackson.databind.JsonNode;

import static dev.coxswain.supervisor.simulator.ShithubClient.SHITHUB;
import static dev.coxswain.supervisor.simulator.ShithubClient.said;
import static org.assertj.core.api.Assertions.assertThat;

/** Contract shithub-actions 1 to 5 and 9, over real HTTP: heartbeats, claims, and the chain of tokens. */
class ShithubRulesTest extends SimulatorTestBase {
    private static final Duration TOKEN = Duration.ofMinutes(15);

    private Simulator simulator;
    private ShithubClient shithub;

    @BeforeEach
    void startOne() {
        simulator = start(config(12).withProtocols(List.of(SHITHUB)));
        shithub = new ShithubClient(simulator, client(simulator));
    }

    private long count(Violation violation) {
        return simulator.ledger().verdict(SHITHUB).count(violation);
    }

    @Test
    void aClaimHasATokenForOneCallAndTheWholeJob() {
        StudioClient.Reply reply = shithub.beat(0, "{\"labels\":[\"linux\"],\"capacity\":1}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.headers().get("Content-Type")).isEqualTo("application/json; charset=utf-8");
        assertThat(reply.headers().get("Cache-Control")).isEqualTo("no-store");
        assertThat(reply.json().path("expires_at").stringValue())
                .isEqualTo(clock.now().plus(TOKEN).toString());
        JsonNode job = reply.json().path("job");
        assertThat(job.path("id").longValue()).isGreaterThan(Integer.MAX_VALUE);
        assertThat(job.path("checkout_url").stringValue()).startsWith(simulator.url(SHITHUB).toString())
                .endsWith(".git");
        assertThat(job.path("head_sha").stringValue()).matches("[0-9a-f]{40}");
        assertThat(job.path("mask_values").path(0).stringValue()).isEmpty();
        assertThat(job.path("steps").path(0).path("run").stringValue()).isNotEmpty();
        assertThat(reply.body()).contains("\\u0026").doesNotContain("&");
    }

    @Test
    void aTokenIsAJwtOfTheContractsForm() {
        Claimed claimed = shithub.claim(0);
        String[] parts = claimed.token.split("\\.");
        String header = new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8);
        JsonNode claims = Json.read(Base64.getUrlDecoder().decode(parts[1]));

        assertThat(header).isEqualTo("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
        assertThat(claims.propertyNames()).containsExactlyInAnyOrder("sub", "job_id", "run_id", "repo_id", "exp", "jti",
                "purpose");
        assertThat(claims.path("sub").stringValue()).matches("runner:\\d+");
        assertThat(claims.path("job_id").longValue()).isEqualTo(claimed.id());
        assertThat(claims.path("exp").longValue()).isEqualTo(clock.now().plus(TOKEN).getEpochSecond());
        assertThat(claims.path("jti").stringValue()).matches("[A-Za-z0-9_-]{43}");
        assertThat(claims.path("purpose").stringValue()).isEqualTo("api");
    }

    @Test
    void thisIsTheOrderOfAHeartbeat() {
        String path = "/api/v1/runners/heartbeat";
        shithub.lever("{\"configured\":false}");
        assertThat(said(shithub.send("POST", path, null, "{"))).isEqualTo("503 runner API is not configured");
        shithub.lever("{\"configured\":true,\"rate_limit\":2}");
        assertThat(said(shithub.send("POST", path, null, "{"))).isEqualTo("401 runner token required");
        assertThat(said(shithub.raw("POST", path, Map.of("Authorization", "bearer " + shithub.token(0)), null)))
                .isEqualTo("401 runner token required");
        assertThat(said(shithub.send("POST", path, "ab".repeat(32), "{"))).isEqualTo("401 runner token invalid");
        assertThat(said(shithub.beat(0, "{"))).startsWith("400 invalid JSON: ");
        assertThat(said(shithub.beat(0, "{\"trace_id\":\"x\",\"capacity\":70}"))).startsWith("400 invalid JSON: ");
        assertThat(said(shithub.beat(0, "{"))).isEqualTo("429 rate limit exceeded");
        assertThat(shithub.raw("POST", "/api/v1/runners/heartbeats", Map.of(), null)).satisfies(nothing -> {
            assertThat(nothing.status()).isEqualTo(404);
            assertThat(nothing.headers().get("Content-Type")).startsWith("text/plain");
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "{\"labels\":[\" \"],\"capacity\":70}|400 runner labels must not contain empty entries",
            "{\"labels\":[\"a b\"]}|400 invalid runner label \"a b\"",
            "{\"capacity\":70,\"active_job_ids\":[0]}|400 capacity must be between 1 and 64",
            "{\"capacity\":-1}|400 capacity must be between 1 and 64",
            "{\"active_job_ids\":[1,2]}|400 active_job_ids cannot contain more than capacity (1)",
            "{\"capacity\":2,\"active_job_ids\":[0]}|400 active_job_ids must contain positive job IDs",
            "{\"capacity\":2,\"active_job_ids\":[7,7]}|400 active_job_ids must not contain duplicates"})
    void aHeartbeatThatIsWrongChangesNothing(String body, String refusal) {
        assertThat(said(shithub.beat(0, body))).isEqualTo(refusal);
        assertThat(shithub.beat(0, "").status()).as("an empty body is one").isEqualTo(200);
    }

    @Test
    void eachGenerationOfTheServerKnowsItsOwnKeys() {
        shithub.lever("{\"generation\":1,\"paused\":true}");
        assertThat(shithub.beat(0, "{\"labels\":[\"linux\"],\"capacity\":1}").status()).isEqualTo(204);
        assertThat(said(shithub.beat(0, "{\"host_name\":\"h\"}"))).startsWith("400 invalid JSON: ");
        shithub.lever("{\"generation\":2}");
        assertThat(shithub.beat(0, "{\"host_name\":\"h\",\"version\":\"v\"}").status()).isEqualTo(204);
        assertThat(said(shithub.beat(0, "{\"active_job_ids\":[]}"))).startsWith("400 invalid JSON: ");
        shithub.lever("{\"paused\":false}");
        assertThat(shithub.claim(0).job.has("variables")).isFalse();
        shithub.lever("{\"generation\":3}");
        assertThat(shithub.claim(1).job.has("variables")).isTrue();
    }

    @Test
    void heartbeatsAreCountedAndTellHowManyAreLeft() {
        shithub.lever("{\"paused\":true}");
        StudioClient.Reply first = shithub.beat(0, "{}");
        assertThat(first.headers().get("X-RateLimit-Limit")).isEqualTo("60");
        assertThat(first.headers().get("X-RateLimit-Remaining")).isEqualTo("59");
        assertThat(first.headers().get("X-RateLimit-Reset")).isEqualTo("60");
        clock.advance(Duration.ofMillis(59_100));
        for (int i = 1; i < 60; i++) {
            assertThat(shithub.beat(0, "{}").status()).isEqualTo(204);
        }
        StudioClient.Reply over = shithub.beat(0, "{}");
        assertThat(over.status()).isEqualTo(429);
        assertThat(over.headers().get("Retry-After")).isEqualTo("0");
        assertThat(shithub.beat(1, "{}").status()).as("another runner").isEqualTo(204);
        clock.advance(Duration.ofSeconds(1));
        assertThat(shithub.beat(0, "{}").status()).isEqualTo(204);
    }

    @Test
    void oneLabelMustBeTheJobsOwnAndOverwritesWhatWasThere() {
        Claimed any = new Claimed(shithub.beat(0, "{\"labels\":[],\"capacity\":9}").json());
        assertThat(any.job.path("runs_on").stringValue()).isEmpty();
        assertThat(new Claimed(shithub.beat(0, "{}").json()).job.path("runs_on").stringValue())
                .as("the labels of before are gone").isEmpty();
        assertThat(shithub.beat(0, "{}").status()).isEqualTo(204);
        assertThat(shithub.beat(0, "{\"labels\":[\"LINUX\",\"linux-x64\"]}").status()).isEqualTo(204);
        assertThat(new Claimed(shithub.beat(0, "{\"labels\":[\"linux\"]}").json()).job.path("runs_on").stringValue())
                .isEqualTo("linux");
    }

    @Test
    void whatNobodyHeardOfTakesCapacityUntilAHeartbeatDoesNotListIt() {
        shithub.lever("{\"fail\":{\"claim-mint-500\":1}}");
        assertThat(said(shithub.beat(0, "{}"))).isEqualTo("500 runner token mint failed");
        assertThat(shithub.beat(0, "{}").status()).as("the lost job fills the runner").isEqualTo(204);
        assertThat(shithub.beat(0, "{\"active_job_ids\":null}").status()).as("null is absent").isEqualTo(204);
        assertThat(shithub.beat(0, "{\"active_job_ids\":[]}").status()).isEqualTo(200);

        Verdict verdict = simulator.ledger().verdict(SHITHUB);
        assertThat(verdict.cancelled()).isEqualTo(1);
        assertThat(verdict.count(Violation.LEASE_LOST)).as("nobody could know of it").isZero();
    }

    @Test
    void aJobThatIsNotListedIsCancelledAndItsRunnerIsToBlame() {
        Claimed claimed = shithub.claim(0);
        shithub.beat(0, "{\"capacity\":2,\"active_job_ids\":[" + claimed.id() + "]}");
        assertThat(shithub.page(claimed).path("status").stringValue()).isEqualTo("running");
        shithub.beat(0, "{\"capacity\":2,\"active_job_ids\":[1]}");

        assertThat(shithub.page(claimed).path("steps").path(0).path("status").stringValue()).isEqualTo("cancelled");
        assertThat(shithub.call(claimed, "/cancel-check", "").json().path("cancelled").booleanValue()).isTrue();
        assertThat(shithub.log(claimed, 0, 0, "still here").status()).isEqualTo(202);
        assertThat(shithub.status(claimed, "cancelled", null).status()).isEqualTo(200);
        assertThat(count(Violation.LEASE_LOST)).isEqualTo(2);
        assertThat(count(Violation.OUT_OF_ORDER)).isZero();
    }

    @Test
    void afterTheRunnersDiedNobodyIsToBlame() {
        Claimed claimed = shithub.claim(0);
        shithub.call(claimed, "/cancel-check", "");
        clock.advance(Duration.ofSeconds(30));
        simulator.ledger().runnersDied();
        clock.advance(Duration.ofSeconds(5));
        shithub.beat(0, "{\"active_job_ids\":[]}");

        assertThat(shithub.page(claimed).path("status").stringValue()).isEqualTo("cancelled");
        assertThat(count(Violation.LEASE_LOST)).isZero();
    }

    @Test
    void drainedFullAndBlockedLookAlike() {
        shithub.lever("{\"runner\":\"shithub-1\",\"draining\":true}");
        assertThat(shithub.beat(0, "{}").status()).isEqualTo(204);
        Claimed running = shithub.claim(1);
        assertThat(shithub.beat(1, "{}").status()).isEqualTo(204);
        shithub.lever("{\"paused\":true}");
        assertThat(shithub.beat(2, "{}").status()).isEqualTo(204);
        assertThat(shithub.finish(running, "success").status()).as("a drained one may end").isEqualTo(200);
    }

    @Test
    void rotationLeavesRunningJobsAloneAndRevocationDoesNot() {
        Claimed claimed = shithub.claim(0);
        shithub.lever("{\"runner\":\"shithub-1\",\"rotated\":true}");
        assertThat(said(shithub.beat(0, "{}"))).isEqualTo("401 runner token invalid");
        assertThat(shithub.call(claimed, "/cancel-check", "").status()).isEqualTo(200);
        shithub.lever("{\"runner\":\"shithub-1\",\"revoked\":true}");
        assertThat(said(shithub.call(claimed, "/cancel-check", ""))).isEqualTo("401 job token invalid");
    }

    @Test
    void aRunningJobIsOnlyAskedToEndAndMayWinTheRace() {
        Claimed claimed = shithub.claim(0);
        assertThat(shithub.call(claimed, "/cancel-check", "{").json().path("cancelled").booleanValue()).isFalse();
        StudioClient.Reply cancel = shithub.send("POST", "/api/v1/jobs/" + claimed.id() + "/cancel", shithub.owner(),
                "{}");
        assertThat(cancel.status()).isEqualTo(202);
        assertThat(cancel.json().path("changed_jobs").size()).isEqualTo(1);

        assertThat(shithub.call(claimed, "/cancel-check", "{}").json().path("cancelled").booleanValue()).isTrue();
        assertThat(shithub.page(claimed).path("status").stringValue()).isEqualTo("running");
        assertThat(shithub.finish(claimed, "success").status()).isEqualTo(200);
        assertThat(simulator.ledger().verdict(SHITHUB).completed()).isEqualTo(1);
    }

    @Test
    void aJobWhoseNeedFailedIsNeverClaimed() {
        Claimed build = shithub.claim(0, "Build");
        StudioClient.Reply end = shithub.finish(build, "failure");

        assertThat(end.json().path("run_status").stringValue()).isEqualTo("completed");
        assertThat(end.json().path("run_conclusion").stringValue()).isEqualTo("failure");
        assertThat(shithub.claim(0, "Review").job.path("needs").size()).as("after it in the queue").isZero();
    }

    @Test
    void aJobWaitsForWhatItNeeds() {
        Claimed build = shithub.claim(0, "Build");
        Claimed other = shithub.claim(1);
        assertThat(other.job.path("run_id")).isNotEqualTo(build.job.path("run_id"));
        StudioClient.Reply end = shithub.finish(build, "success");
        assertThat(end.json().has("run_status")).as("the run goes on").isFalse();
        Claimed publish = shithub.claim(0);

        assertThat(publish.job.path("run_id")).isEqualTo(build.job.path("run_id"));
        assertThat(publish.job.path("needs").path(0).stringValue()).isEqualTo("build");
    }
}
