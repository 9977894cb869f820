package dev.coxswain.supervisor.controlplane.oore;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.executors.JobAccess;
import dev.coxswain.executors.SourceAccess;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.controlplane.UnusableJobException;
import dev.coxswain.supervisor.testing.RudeServer.Reply;

import static org.assertj.core.api.Assertions.assertThat;

/** What only the holder of a build may fetch (contract oore-ci 8, 10). */
class GrantsTest {
    private final OoreRig rig = new OoreRig();

    @AfterEach
    void close() {
        rig.close();
    }

    private Lease through(String proxy) {
        return ((LeaseReply.Granted) rig.claim(Reply.json("{\"job\":{\"build_id\":\"b-1\",\"config_snapshot\":{"
                + "\"checkout_proxy_path\":\"" + proxy + "\"}}}"))).lease();
    }

    @ParameterizedTest
    @CsvSource({"ANDROID,android-signing", "IOS,ios-signing"})
    void signingMaterialIsAskedForWithTheGrantOfTheClaim(JobAccess.Platform platform, String path) {
        Lease lease = rig.running();
        rig.server.then(Reply.json("{\"release\":{}}"));

        assertThat(OoreRig.only(lease.signing(platform))).asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"release\":{}}");
        assertThat(rig.server.only().uri()).isEqualTo(OoreRig.JOB + "/" + path);
        assertThat(rig.server.only().headers().get("x-oore-signing-token")).isEqualTo("grant-grant");
    }

    @ParameterizedTest
    @CsvSource({"409,job_not_active", "403,runner_mismatch", "404,not_found", "401,invalid_signing_grant"})
    void trap09SigningAfterACancelSaysThatTheJobIsGone(int status, String code) {
        Lease lease = rig.running();
        rig.server.then(OoreRig.error(status, code));
        OoreRig.fails(lease.signing(JobAccess.Platform.ANDROID), ControlPlaneException.LeaseLost.class);
    }

    @ParameterizedTest
    @CsvSource({"500,incomplete_signing_profile", "500,decryption_error", "401,signing_grant_required"})
    void trap09APermanentConditionIsNotAskedAgain(int status, String code) {
        Lease lease = rig.running();
        rig.server.then(OoreRig.error(status, code));
        OoreRig.fails(lease.signing(JobAccess.Platform.IOS), ControlPlaneException.Rejected.class);
    }

    @Test
    void aBusyDaemonIsAskedAgain() {
        Lease lease = rig.running();
        rig.server.then(OoreRig.error(500, "store_error"));
        OoreRig.fails(lease.signing(JobAccess.Platform.ANDROID), ControlPlaneException.Unavailable.class);
    }

    @Test
    void trap10AfterARestartThereIsNoGrantToSendAndNoSource() {
        Lease restored = rig.plane.restore(
                new LeaseRecord("mobile-b-1-x", "mobile", "mobile", "mobile-1", "b-1", "{}", OoreRig.NOW),
                OoreRig.CREDENTIAL);
        rig.server.then(OoreRig.error(401, "signing_grant_required"));

        OoreRig.fails(restored.signing(JobAccess.Platform.ANDROID), ControlPlaneException.Rejected.class);
        assertThat(rig.server.only().headers().contains("x-oore-signing-token")).isFalse();
        assertThat(restored.sources()).isNull();
    }

    @Test
    void trap11AStaleExecutionAsksForNothing() {
        Lease stale = rig.running();
        rig.lease();

        OoreRig.fails(stale.signing(JobAccess.Platform.ANDROID), ControlPlaneException.LeaseLost.class);
        assertThat(rig.server.seen()).isEmpty();
    }

    @Test
    void sourcesComeFromTheDaemonWithTheRunnersToken() {
        Lease lease = through(OoreRig.JOB + "/gitlab/group%2Fapp.git");
        SourceAccess sources = Objects.requireNonNull(lease.sources());

        assertThat(sources.url()).isEqualTo(rig.server.uri() + OoreRig.JOB + "/gitlab/group%2Fapp.git");
        assertThat(sources.header()).isEqualTo("Authorization: Bearer hush-hush-token");
        assertThat(sources.toString()).doesNotContain("hush");
        assertThat(OoreRig.only(lease.brief()).id()).isEqualTo("b-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"@evil.example/x.git", "/v1/runners/r-1/jobs/other/gitlab/app.git",
            OoreRig.JOB + "/gitlab/../../../x.git", OoreRig.JOB + "/gitlab/app.git?x=.git",
            "https://evil.example/app.git", OoreRig.JOB + "/gitlab/app"})
    void theTokenIsNotTakenToAnyOtherPath(String proxy) {
        Lease lease = through(proxy);

        assertThat(lease.sources()).isNull();
        OoreRig.fails(lease.brief(), UnusableJobException.class);
    }

    @Test
    void otherSourcesNeedNothingOfOurs() {
        assertThat(rig.lease().sources()).isNull();
    }
}
