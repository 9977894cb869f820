package dev.coxswain.supervisor.simulator;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.coxswain.supervisor.simulator.OoreClient.Identity;
import tools.jackson.databind.JsonNode;

import static dev.coxswain.supervisor.simulator.OoreClient.CLAIM;
import static dev.coxswain.supervisor.simulator.OoreClient.OORE;
import static dev.coxswain.supervisor.simulator.OoreClient.code;
import static org.assertj.core.api.Assertions.assertThat;

/** Contract oore-ci 1, 4 to 8, over real HTTP: each rule, and in which order they are looked at. */
class OoreRulesTest extends SimulatorTestBase {
    private static final Duration CONTRACT_LEASE = Duration.ofMinutes(5);

    private Simulator simulator;
    private OoreClient oore;
    private Identity one;
    private Identity two;

    @BeforeEach
    void startOne() {
        simulator = start(config(3).withProtocols(List.of(OORE)).withLeaseLength(CONTRACT_LEASE));
        oore = new OoreClient(simulator, client(simulator));
        one = oore.runner(0);
        two = oore.runner(1);
    }

    private long count(Violation violation) {
        return simulator.ledger().verdict(OORE).count(violation);
    }

    private String claimed(Identity runner) {
        return oore.claim(runner).path("build_id").stringValue();
    }

    private String running(Identity runner) {
        String job = claimed(runner);
        assertThat(oore.status(runner, job, "running").status()).isEqualTo(200);
        return job;
    }

    @Test
    void aClaimGivesTheOldestBuildNestedWithItsGrantAndItsLease() {
        JsonNode job = oore.claim(one);

        assertThat(job.path("build_id").stringValue())
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        assertThat(job.path("lease_expires_at").longValue())
                .isEqualTo(clock.now().plus(CONTRACT_LEASE).getEpochSecond());
        assertThat(job.path("signing_token").stringValue()).matches("[0-9a-f]{64}");
        assertThat(one.token()).matches("[0-9a-f]{64}");
        JsonNode snapshot = job.path("config_snapshot");
        assertThat(snapshot.path("commit_sha")).isEqualTo(job.path("commit_sha"));
        assertThat(snapshot.path("checkout_proxy_path").stringValue())
                .startsWith("/v1/runners/" + one.id() + "/jobs/" + job.path("build_id").stringValue() + "/gitlab/");
        assertThat(snapshot.path("ui_execution_config").path("platforms").path(0).stringValue()).isEqualTo("android");
    }

    @Test
    void nothingToDoIsAnEmptyObjectAndNothingIsMatchedToWhoAsks() {
        for (int i = 0; i < 3; i++) {
            assertThat(claimed(one)).isNotEmpty();
        }

        assertThat(oore.as(two, "POST", "/claim", CLAIM)).satisfies(empty -> {
            assertThat(empty.status()).isEqualTo(200);
            assertThat(empty.body()).isEqualTo("{}");
        });
    }

    @Test
    void thisIsTheOrderOfAllRunnersCalls() {
        String path = "/v1/runners/" + two.id() + "/claim";
        String owner = oore.person("oore-owner");

        assertThat(code(oore.send("POST", path, null, "{"))).isEqualTo("401 missing_auth");
        assertThat(code(oore.raw("POST", path, Map.of("Authorization", "bearer " + one.token()), null)))
                .isEqualTo("401 missing_auth");
        assertThat(code(oore.send("POST", path, owner, "{"))).isEqualTo("401 invalid_token");
        assertThat(code(oore.send("POST", path, one.token(), "{"))).isEqualTo("400 invalid_request");
        assertThat(code(oore.send("POST", path, one.token(), "{}"))).isEqualTo("400 invalid_request");
        assertThat(code(oore.raw("POST", path, Map.of("Authorization", "Bearer " + one.token()),
                CLAIM.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("400 invalid_request");
        assertThat(code(oore.send("POST", path, one.token(), "{\"x\":\"" + "y".repeat(2 << 20) + "\"}")))
                .isEqualTo("413 payload_too_large");
        assertThat(code(oore.send("POST", path, one.token(), CLAIM))).isEqualTo("403 runner_mismatch");
        assertThat(code(oore.as(one, "POST", "/claim", "{\"protocol_version\":3}")))
                .isEqualTo("409 runner_protocol_mismatch");
        assertThat(oore.as(one, "POST", "/claims", CLAIM).body()).isEmpty();
        assertThat(oore.as(one, "PUT", "/claim", CLAIM)).satisfies(wrong -> {
            assertThat(wrong.status()).isEqualTo(405);
            assertThat(wrong.body()).isEmpty();
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{}|400 invalid_request", "{\"status\":7}|400 invalid_request",
            "{\"status\":\"asleep\"}|400 invalid_status"})
    void aHeartbeatNeedsAStatusThatIsKnown(String body, String refusal) {
        assertThat(code(oore.as(one, "POST", "/heartbeat", body))).isEqualTo(refusal);
    }

    @Test
    void aHeartbeatIsAnsweredWithNothingAndRenewsNothing() {
        String job = claimed(one);
        clock.advance(CONTRACT_LEASE.minusSeconds(1));

        assertThat(oore.as(one, "POST", "/heartbeat", "{\"status\":\"online\"}")).satisfies(beat -> {
            assertThat(beat.status()).isEqualTo(204);
            assertThat(beat.body()).isEmpty();
        });
        clock.advance(Duration.ofSeconds(31));
        assertThat(code(oore.status(one, job, "running"))).isEqualTo("403 runner_mismatch");
        assertThat(count(Violation.WRITE_AFTER_LEASE_END)).as("a late start harms nobody").isZero();
        assertThat(count(Violation.LEASE_LOST)).isEqualTo(1);
    }

    @Test
    void anAssignedBuildIsQueuedAgainAndAStaleExecutionIsRefused() {
        JsonNode first = oore.claim(one);
        String job = first.path("build_id").stringValue();
        clock.advance(CONTRACT_LEASE.plusSeconds(30));

        assertThat(claimed(two)).isEqualTo(job);
        assertThat(code(oore.as(one, "GET", "/jobs/" + job, null))).isEqualTo("403 runner_mismatch");
        assertThat(count(Violation.RUN_TWICE)).isZero();
        assertThat(code(oore.log(one, job, 0, "late"))).isEqualTo("403 runner_mismatch");
        assertThat(count(Violation.WRITE_AFTER_LEASE_END)).isEqualTo(1);
        assertThat(count(Violation.RUN_TWICE)).isEqualTo(1);
        assertThat(code(oore.as(one, "GET", "/jobs/none", null))).isEqualTo("404 not_found");
    }

    @Test
    void theSameRunnersEarlierGrantIsNoGrantAnyMore() {
        JsonNode first = oore.claim(one);
        String job = first.path("build_id").stringValue();
        clock.advance(CONTRACT_LEASE.plusSeconds(30));
        JsonNode second = oore.claim(one);

        assertThat(second.path("build_id").stringValue()).isEqualTo(job);
        assertThat(code(sign(one, job, first.path("signing_token").stringValue())))
                .isEqualTo("401 invalid_signing_grant");
        assertThat(count(Violation.RUN_TWICE)).isEqualTo(1);
        assertThat(sign(one, job, second.path("signing_token").stringValue()).status()).isEqualTo(200);
    }

    @Test
    void signingIsCheckedInItsOwnOrder() {
        JsonNode claim = oore.claim(one);
        String job = claim.path("build_id").stringValue();
        String grant = claim.path("signing_token").stringValue();

        assertThat(
                code(oore.send("GET", "/v1/runners/" + two.id() + "/jobs/" + job + "/ios-signing", one.token(), null)))
                .isEqualTo("403 runner_mismatch");
        assertThat(code(sign(one, "none", grant))).isEqualTo("404 not_found");
        assertThat(code(sign(two, job, grant))).isEqualTo("403 runner_mismatch");
        assertThat(code(oore.as(one, "GET", "/jobs/" + job + "/android-signing", null)))
                .isEqualTo("401 signing_grant_required");
        assertThat(sign(one, job, grant).status()).isEqualTo(200);
        oore.lever("{\"cancel\":\"" + job + "\"}");
        assertThat(code(sign(one, job, grant))).isEqualTo("409 job_not_active");
        assertThat(code(oore.as(one, "GET", "/jobs/" + job, null))).isEqualTo("403 runner_mismatch");
        assertThat(count(Violation.SECRET_SEEN)).isZero();
    }

    @Test
    void everySecondBuildIsSignedForAndroidAndNoneForIos() throws GeneralSecurityException, IOException {
        JsonNode second = Stream.generate(() -> oore.claim(one)).limit(3)
                .filter(job -> job.path("build_number").intValue() == 2).findFirst().orElseThrow();
        String job = second.path("build_id").stringValue();
        String grant = second.path("signing_token").stringValue();
        JsonNode release = sign(one, job, grant).json().path("release");

        assertThat(release.path("enabled").booleanValue()).isTrue();
        char[] password = release.path("store_password").stringValue().toCharArray();
        KeyStore keystore = KeyStore.getInstance("PKCS12");
        keystore.load(new ByteArrayInputStream(Base64.getDecoder().decode(
                release.path("keystore_base64").stringValue())), password);
        String alias = release.path("key_alias").stringValue();
        assertThat(keystore.getKey(alias, password)).isNotNull();
        keystore.getCertificate(alias).verify(keystore.getCertificate(alias).getPublicKey());
        StudioClient.Reply ios = oore.raw("GET", "/v1/runners/" + one.id() + "/jobs/" + job + "/ios-signing",
                Map.of("Authorization", "Bearer " + one.token(), "x-oore-signing-token", grant), null);
        assertThat(ios.body()).isEqualTo("{}");
        oore.status(one, job, "running");
        oore.log(one, job, 0, "the password is " + release.path("store_password").stringValue());
        oore.log(one, job, 1, "the grant is " + grant);
        assertThat(count(Violation.SECRET_SEEN)).isEqualTo(2);
    }

    @Test
    void aBuildGoesFromAssignedToRunningToItsEndAndNoOtherWay() {
        String job = claimed(one);

        assertThat(code(oore.status(one, job, "sleeping"))).isEqualTo("400 invalid_status");
        assertThat(code(oore.status(one, job, "canceled"))).isEqualTo("400 invalid_runner_status");
        assertThat(count(Violation.OUT_OF_ORDER)).isZero();
        assertThat(code(oore.status(one, job, "failed"))).isEqualTo("409 invalid_transition");
        assertThat(count(Violation.OUT_OF_ORDER)).isEqualTo(1);
        JsonNode started = oore.status(one, job, "running").json();
        assertThat(started.path("build").path("status").stringValue()).isEqualTo("running");
        assertThat(started.path("events").path(1).path("to_status").stringValue()).isEqualTo("running");
        assertThat(oore.as(one, "GET", "/jobs/" + job, null).json().path("status").stringValue()).isEqualTo("running");
        assertThat(code(oore.status(one, job, "running"))).isEqualTo("409 invalid_transition");
        assertThat(count(Violation.OUT_OF_ORDER)).as("it may have been on its way").isEqualTo(1);
        clock.advance(Duration.ofSeconds(3));
        oore.status(one, job, "running");
        assertThat(count(Violation.OUT_OF_ORDER)).as("nobody repeats what was acknowledged").isEqualTo(2);
    }

    @Test
    void anEndUnbindsAndWhateverFollowsIsRefused() {
        String job = running(one);
        StudioClient.Reply ended = oore.as(one, "POST", "/jobs/" + job + "/status",
                "{\"status\":\"succeeded\",\"exit_code\":0,\"steps\":[{\"name\":\"build-1\",\"status\":\"succeeded\","
                        + "\"exit_code\":0,\"started_at\":1,\"finished_at\":2,\"duration_ms\":1000}]}");

        assertThat(ended.json().path("build").path("step_results").path(0).path("name").stringValue())
                .isEqualTo("build-1");
        assertThat(ended.json().path("build").has("runner_id")).isFalse();
        assertThat(code(oore.status(one, job, "succeeded"))).isEqualTo("403 runner_mismatch");
        assertThat(simulator.ledger().verdict(OORE).repeatedReports()).isEqualTo(1);
        assertThat(code(oore.status(one, job, "failed"))).isEqualTo("403 runner_mismatch");
        assertThat(count(Violation.OPPOSITE_REPORT)).isEqualTo(1);
        assertThat(code(oore.log(one, job, 1, "late"))).isEqualTo("403 runner_mismatch");
        assertThat(count(Violation.WRITE_AFTER_LEASE_END)).isEqualTo(1);
        assertThat(simulator.ledger().verdict(OORE).completed()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{\"status\":\"failed\",\"steps\":null}",
            "{\"status\":\"failed\",\"exit_code\":1.5}", "{\"status\":\"failed\",\"exit_code\":3000000000}",
            "{\"status\":\"failed\",\"steps\":[{\"name\":\"a\",\"status\":\"b\",\"started_at\":1,\"finished_at\":2}]}"})
    void aReportsFieldsAreCheckedBeforeTheBuild(String body) {
        assertThat(code(oore.as(one, "POST", "/jobs/none/status", body))).isEqualTo("400 invalid_request");
        assertThat(code(oore.as(one, "POST", "/jobs/none/status",
                "{\"status\":\"failed\",\"error_message\":null,\"exit_code\":null}"))).isEqualTo("404 not_found");
    }

    @Test
    void whatRunsIsNeverQueuedAgainButTimesOutAfterAnHour() {
        String job = running(one);
        clock.advance(Duration.ofMinutes(59));
        assertThat(oore.log(one, job, 0, "still here").status()).isEqualTo(200);
        clock.advance(Duration.ofMinutes(2));

        assertThat(code(oore.as(one, "GET", "/jobs/" + job, null))).isEqualTo("403 runner_mismatch");
        assertThat(simulator.ledger().verdict(OORE).cancelled()).isEqualTo(1);
        assertThat(count(Violation.LEASE_LOST)).isEqualTo(1);
    }

    @Test
    void aCancelIsNewsThatTheRunnerMustHearFirst() {
        String job = running(one);
        oore.lever("{\"cancel\":\"" + job + "\"}");

        assertThat(code(oore.log(one, job, 0, "a line"))).isEqualTo("403 runner_mismatch");
        assertThat(code(oore.status(one, job, "succeeded"))).isEqualTo("403 runner_mismatch");
        assertThat(simulator.ledger().violations()).isEmpty();
        clock.advance(Duration.ofSeconds(3));
        oore.log(one, job, 1, "another line");
        assertThat(count(Violation.WRITE_AFTER_LEASE_END)).isEqualTo(1);
    }

    @Test
    void aPauseIsNoWorkAndMaintenanceIsAnErrorOnlyWhereThereWouldBeWork() {
        oore.lever("{\"paused\":true}");
        assertThat(oore.as(one, "POST", "/claim", CLAIM).body()).isEqualTo("{}");
        oore.lever("{\"paused\":false,\"maintenance_seconds\":60}");
        assertThat(code(oore.as(one, "POST", "/claim", CLAIM))).isEqualTo("500 store_error");
        assertThat(oore.as(one, "POST", "/heartbeat", "{\"status\":\"online\"}").status()).isEqualTo(204);
        clock.advance(Duration.ofSeconds(60));
        assertThat(claimed(one)).isNotEmpty();
        oore.lever("{\"protocol_version\":5}");
        assertThat(oore.as(one, "POST", "/claim", CLAIM).body()).contains("expected 5");
    }

    private StudioClient.Reply sign(Identity runner, String job, String grant) {
        return oore.raw("GET", "/v1/runners/" + runner.id() + "/jobs/" + job + "/android-signing",
                Map.of("Authorization", "Bearer " + runner.token(), "x-oore-signing-token", grant), null);
    }
}
