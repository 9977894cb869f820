package dev.coxswain.supervisor.controlplane.oore;

import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.controlplane.Presence;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.testing.RudeServer.Reply;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Claims, credentials and presence (contract oore-ci 4 and 5). */
class ClaimTest {
    private final OoreRig rig = new OoreRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"job\":null}", "{\"paused\":true}"})
    void trap01AnEmptyClaimIsNoJob(String body) {
        assertThat(rig.claim(Reply.json(body))).isInstanceOf(LeaseReply.NoJob.class);
        assertThat(rig.server.only().uri()).isEqualTo("/v1/runners/r-1/claim");
        assertThat(rig.server.only().body()).isEqualTo("{\"protocol_version\":4}");
        assertThat(rig.server.only().headers().get("Authorization")).isEqualTo("Bearer hush-hush-token");
    }

    @Test
    void soIsTheAnswerWithoutContent() {
        assertThat(rig.claim(Reply.of(204, ""))).isInstanceOf(LeaseReply.NoJob.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"job\":%s}", "%s"})
    void aJobIsNestedOrFlat(String form) {
        Lease lease = ((LeaseReply.Granted) rig.claim(Reply.json(form.formatted(OoreRig.CLAIM))
                .with("Date", "Sun, 17 May 2026 10:00:00 GMT"))).lease();

        assertThat(lease.job().id()).isEqualTo("b-1");
        assertThat(lease.job().key()).startsWith("mobile-b-1-").matches("[A-Za-z0-9_-]+");
        // the grant stays behind the lease
        ObjectNode told = (ObjectNode) rig.mapper.readTree(OoreRig.CLAIM);
        told.remove("signing_token");
        assertThat(rig.mapper.readTree(lease.job().document())).isEqualTo(told);
        assertThat(lease.term().length()).isEqualTo(Duration.ofMinutes(5));
        assertThat(lease.secrets()).containsExactly(new Secret("grant-grant"));
        assertThat(lease.toString()).doesNotContain("grant");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1779012300,300", "99999999999,300", "1779012000,0", "1779012100,100"})
    void aLeaseIsAsLongAsItSaysButFiveMinutesAtMost(long expires, long seconds) {
        Lease lease = ((LeaseReply.Granted) rig.claim(Reply.json(
                "{\"job\":{\"build_id\":\"b\",\"lease_expires_at\":" + expires + "}}")
                .with("Date", "Sun, 17 May 2026 10:00:00 GMT"))).lease();

        assertThat(lease.term().length()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void trap02TheDaemonsVersionIsLearntFromItsRefusalOnce() {
        rig.claim(mismatch("runner protocol 4 is not supported; expected 3"), Reply.json("{}"));
        rig.claim(Reply.json("{}"));

        assertThat(rig.server.seen()).extracting(seen -> seen.body()).containsExactly("{\"protocol_version\":4}",
                "{\"protocol_version\":3}", "{\"protocol_version\":3}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"upgrade your runner", "expected 4", "expected 5 or 6"})
    void aRefusalThatNamesNoOtherVersionIsTheCredentials(String words) {
        rig.server.then(mismatch(words));

        OoreRig.fails(rig.plane.lease(OoreRig.CREDENTIAL), ControlPlaneException.CredentialRefused.class);
        assertThat(rig.server.seen()).hasSize(1);
    }

    @Test
    void aSecondRefusalEndsIt() {
        rig.server.then(mismatch("expected 5"), mismatch("expected 6"));

        OoreRig.fails(rig.plane.lease(OoreRig.CREDENTIAL), ControlPlaneException.CredentialRefused.class);
        assertThat(rig.server.seen()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"401,invalid_token,CredentialRefused", "403,runner_mismatch,CredentialRefused",
            "500,store_error,Unavailable", "400,invalid_request,Rejected"})
    void trap24OtherAnswersMeanWhatTheyMeanForLeasing(int status, String code, String failure) {
        rig.server.then(OoreRig.error(status, code));

        reactor.test.StepVerifier.create(rig.plane.lease(OoreRig.CREDENTIAL)).expectErrorSatisfies(
                e -> assertThat(e.getClass().getSimpleName()).isEqualTo(failure)).verify(OoreRig.PATIENCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "<html>", "{\"job\":{}}", "{\"job\":7}", "{\"job\":{\"build_id\":\"\"}}"})
    void whatIsNoClaimIsGarbled(String body) {
        rig.server.then(Reply.json(body));

        OoreRig.fails(rig.plane.lease(OoreRig.CREDENTIAL), ControlPlaneException.Garbled.class);
    }

    @ParameterizedTest
    @CsvSource({"IDLE,online", "BUSY,busy", "DRAINING,draining", "GONE,offline"})
    void aRunnerSaysWhatItDoes(Presence presence, String word) {
        rig.server.then(Reply.of(204, ""));

        OoreRig.done(rig.plane.present(OoreRig.CREDENTIAL, presence));

        assertThat(rig.server.only().uri()).isEqualTo("/v1/runners/r-1/heartbeat");
        assertThat(rig.server.only().body()).isEqualTo("{\"status\":\"" + word + "\"}");
        assertThat(rig.plane.presenceInterval()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void aCheckAsksAfterNobodysBuild() {
        rig.server.then(OoreRig.error(404, "not_found"), OoreRig.error(403, "runner_mismatch"), Reply.of(404, ""));

        OoreRig.done(rig.plane.check(OoreRig.CREDENTIAL));
        OoreRig.fails(rig.plane.check(OoreRig.CREDENTIAL), ControlPlaneException.CredentialRefused.class);
        OoreRig.fails(rig.plane.check(OoreRig.CREDENTIAL), ControlPlaneException.Garbled.class);
        assertThat(rig.server.seen()).allSatisfy(seen -> assertThat(seen.method()).isEqualTo("GET"));
    }

    @Test
    void trap11ANewerClaimOfTheSameBuildSilencesTheOlder() {
        Lease stale = rig.running();
        Lease newer = rig.lease();

        OoreRig.fails(stale.settle(new dev.coxswain.supervisor.controlplane.Outcome.Complete("{}")),
                ControlPlaneException.LeaseLost.class);
        OoreRig.fails(stale.heartbeat(), ControlPlaneException.LeaseLost.class);
        OoreRig.fails(stale.begin(), ControlPlaneException.LeaseLost.class);
        assertThat(rig.server.seen()).isEmpty();
        rig.server.then(OoreRig.state("assigned"));
        OoreRig.only(newer.heartbeat());
        assertThat(rig.server.seen()).hasSize(1);
    }

    private static Reply mismatch(String words) {
        return Reply.json(409, "{\"error\":\"" + words + "\",\"code\":\"runner_protocol_mismatch\"}");
    }
}
