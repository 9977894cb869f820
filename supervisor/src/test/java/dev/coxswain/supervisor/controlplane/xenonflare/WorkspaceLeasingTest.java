package dev.coxswain.supervisor.controlplane.xenonflare;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.testing.RudeServer.Reply;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class WorkspaceLeasingTest {
    private final WorkspacePlane workspace = new WorkspacePlane();

    @AfterEach
    void close() {
        workspace.close();
    }

    @Test
    void asksWithAnEmptyObjectAndTheKey() {
        workspace.server.then(Reply.json("{\"leased\":false}").with("Retry-After", "7"));

        assertThat(StepVerifierValues.only(workspace.plane.lease(WorkspacePlane.CREDENTIAL)))
                .isEqualTo(new LeaseReply.NoJob(Duration.ofSeconds(7)));
        assertThat(workspace.server.only().uri()).isEqualTo("/leaseWorkspaceJob");
        assertThat(workspace.server.only().body()).isEqualTo("{}");
        assertThat(workspace.server.only().headers().get("Authorization"))
                .isEqualTo("Bearer " + WorkspacePlane.TOKEN);
    }

    @Test
    void aJobIsHandedOnAsDelivered() {
        String body = "{\"leased\":true,\"workspaceId\":\"w/1 ä\",\"leaseExpiresAt\":1779012600000.0,\"workspace\":{\"x\":1.50}}";

        Lease lease = workspace.granted(body);

        assertThat(lease.job().id()).isEqualTo("w/1 ä");
        assertThat(lease.job().document()).isEqualTo(body);
        assertThat(lease.job().key()).startsWith("studio-w_1_-").matches("[a-zA-Z0-9_-]+");
        assertThat(lease.job().briefing()).isNull();
        assertThat(lease.heartbeatCap()).isEqualTo(Duration.ofMinutes(2));
        assertThat(lease.term()).isEqualTo(new LeaseTerm(5_000, Duration.ofMinutes(10), true));
        assertThat(lease.toString()).doesNotContain("1.50");
    }

    @ParameterizedTest
    @CsvSource({"401,CredentialRefused", "403,CredentialRefused", "429,RateLimited", "408,Unavailable",
            "500,Unavailable", "502,Unavailable", "504,Unavailable", "400,Rejected", "404,Rejected", "409,Rejected",
            "302,Garbled"})
    void aStatusMeansWhatTheContractSays(int status, String kind) {
        workspace.server.then(Reply.json(status, "{\"error\":\"no\\nway " + WorkspacePlane.TOKEN + "\"}")
                .with("Retry-After", "60").with("Location", "https://elsewhere/"));

        StepVerifier.create(workspace.plane.lease(WorkspacePlane.CREDENTIAL)).expectErrorSatisfies(e -> {
            assertThat(e.getClass().getSimpleName()).isEqualTo(kind);
            assertThat(e).hasMessageContaining("HTTP " + status).hasMessageContaining("/leaseWorkspaceJob");
            assertThat(e.getMessage()).doesNotContain("\n").doesNotContain("hush");
            // the official worker ignores it; we do not
            boolean told = kind.equals("RateLimited") || kind.equals("Unavailable");
            assertThat(((ControlPlaneException) e).retryAfter()).isEqualTo(told ? Duration.ofSeconds(60) : null);
        }).verify(WorkspacePlane.PATIENCE);
        assertThat(workspace.server.seen()).hasSize(1);
    }

    @Test
    void aRestoredLeaseIsOverUntilAHeartbeatRenewsItByItsOwnLength() {
        Lease first = workspace.lease();
        Lease restored = workspace.plane.restore(new LeaseRecord(first.job().key(), "studio", "pool", "studio-1", "w1",
                first.handle(), Instant.EPOCH), WorkspacePlane.CREDENTIAL);

        assertThat(restored.term().length()).isZero();
        assertThat(restored.job().document()).isEmpty();
        assertThat(restored.handle()).isEqualTo(first.handle()).contains("w1").doesNotContain("hush");
        workspace.server.then(Reply.json("{\"ok\":true}"));
        assertThat(StepVerifierValues.only(restored.heartbeat()))
                .isEqualTo(new HeartbeatReply.Renewed(new LeaseTerm(5_000, Duration.ofMinutes(10), true)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"projectId\":\"p\"}"})
    void aHandleOfAnotherVersionIsMadeUpFromTheRecord(String handle) {
        assertThat(workspace.plane.restore(
                new LeaseRecord("k", "studio", "pool", "studio-1", "w9", handle, Instant.EPOCH),
                WorkspacePlane.CREDENTIAL).job().id()).isEqualTo("w9");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 400, 404, 409})
    void aCheckIsPassedWhenTheKeyIsKnown(int status) {
        workspace.server.then(Reply.json(status, "{\"error\":\"no lease\"}"));

        StepVerifier.create(workspace.plane.check(WorkspacePlane.CREDENTIAL)).expectComplete()
                .verify(WorkspacePlane.PATIENCE);

        assertThat(workspace.server.only().uri()).isEqualTo("/heartbeatWorkspaceJob");
        assertThat(workspace.server.only().body()).isEqualTo("{\"workspaceId\":\"coxswain-check\"}");
    }

    @Test
    void aCheckFailsOnARefusedKeyAndOnAWrongAddress() {
        workspace.server.then(Reply.json(403, "{}"), Reply.html(409), Reply.html(200));

        check(ControlPlaneException.CredentialRefused.class);
        check(ControlPlaneException.Rejected.class);
        check(ControlPlaneException.Garbled.class);
    }

    private void check(Class<? extends Throwable> kind) {
        StepVerifier.create(workspace.plane.check(WorkspacePlane.CREDENTIAL)).expectError(kind)
                .verify(WorkspacePlane.PATIENCE);
    }
}
