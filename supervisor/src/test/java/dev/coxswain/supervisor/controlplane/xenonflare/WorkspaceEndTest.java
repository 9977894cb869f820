package dev.coxswain.supervisor.controlplane.xenonflare;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.InvalidResultException;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.SettleReply;
import dev.coxswain.supervisor.testing.RudeServer.Manner;
import dev.coxswain.supervisor.testing.RudeServer.Reply;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Heartbeats, results and final reports of contract xenonflare-workspace 6, 8 and 9. */
class WorkspaceEndTest {
    private static final Outcome COMPLETE = new Outcome.Complete("{\"workspaceId\":\"w1\",\"assistantMessage\":\"ü\"}");
    private final WorkspacePlane workspace = new WorkspacePlane();
    private final Lease lease = workspace.lease();

    @AfterEach
    void close() {
        workspace.close();
    }

    @Test
    void aBeatRenewsFromTheMomentItWasSent() {
        workspace.nanos.set(9_000);
        beats(Reply.json(
                "{\"ok\":true,\"leaseExpiresAt\":" + WorkspacePlane.NOW.plusSeconds(300).toEpochMilli() + "}"),
                new HeartbeatReply.Renewed(new LeaseTerm(9_000, Duration.ofMinutes(5), true)));

        assertThat(workspace.server.only().uri()).isEqualTo("/heartbeatWorkspaceJob");
        assertThat(workspace.server.only().body()).isEqualTo("{\"workspaceId\":\"w1\"}");
    }

    @Test
    void withoutAnEndABeatRenewsByTheSameLengthAgain() {
        beats(Reply.json("{\"ok\":true}"),
                new HeartbeatReply.Renewed(new LeaseTerm(5_000, Duration.ofMinutes(10), true)));
    }

    @Test
    void aLeaseThatIsGoneIsLost() {
        beats(Reply.json(409, "{\"error\":\"no active lease\"}"),
                new HeartbeatReply.Lost("HTTP 409 — no active lease"));
    }

    @Test
    void theResultBecomesTheReport() throws Exception {
        String document = "{\"workspaceId\":\"other\",\"assistantMessage\":\" see {{artifact:file:a b.md}} \",\"files\":[{\"name\":\"a b.md\",\"content\":\"x\"}]}";

        assertThat(lease.plan(document)).isEmpty();
        Outcome.Complete complete = lease.compose(document, Map.of());
        settles(complete, Reply.json("{\"ok\":true}"), new SettleReply.Acknowledged());

        assertThat(workspace.server.only().uri()).isEqualTo("/completeWorkspaceJob");
        assertThat(workspace.server.only().body()).isEqualTo(
                "{\"workspaceId\":\"w1\",\"assistantMessage\":\"see {{artifact:file:a_b.md}}\",\"files\":[{\"name\":\"a_b.md\",\"content\":\"x\"}],"
                        + "\"charts\":[],\"datasets\":[],\"svgs\":[],\"lists\":[],\"checklists\":[]}");
    }

    @Test
    void aResultThatWouldBeRefusedIsRefusedHere() {
        assertThatThrownBy(() -> lease.plan("{\"assistantMessage\":\"\"}")).isInstanceOf(InvalidResultException.class)
                .hasMessage("assistantMessage is empty, and there is no deliverable");
        assertThatThrownBy(() -> lease.compose("{\"assistantMessage\":\"{{artifact:chart:x}}\"}", Map.of()))
                .isInstanceOf(InvalidResultException.class)
                .hasMessage("deliverable_placeholder_mismatch: chart:x");
        StepVerifier.create(lease.sign(List.of())).expectNext(List.of()).expectComplete()
                .verify(WorkspacePlane.PATIENCE);
        StepVerifier.create(lease.sign(Studio.artifacts(1))).expectError(ControlPlaneException.Rejected.class)
                .verify(WorkspacePlane.PATIENCE);
        assertThat(workspace.server.seen()).isEmpty();
    }

    @Test
    void aRefusedReportSaysWhyAsTheContractDoes() {
        String slice = "x".repeat(500);
        settles(COMPLETE, Reply.json(400, "{\"error\":\"bad\",\"detail\":{\"a\":\"" + slice + "\"}}"),
                new SettleReply.Refused("completeWorkspaceJob: HTTP 400 — bad | detail: {\"a\":\""
                        + "x".repeat(420 - 6) + "…"));
        settles(COMPLETE, Reply.html(413), new SettleReply.Refused("completeWorkspaceJob: HTTP 413"));
        settles(COMPLETE, Reply.of(400, "too\nlarge for " + WorkspacePlane.TOKEN),
                new SettleReply.Refused("completeWorkspaceJob: HTTP 400 — too large for ***"));
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 409, 410})
    void aLeaseThatIsNotOursIsGone(int status) {
        settles(COMPLETE, Reply.json(status, "{}"), new SettleReply.Gone("completeWorkspaceJob: HTTP " + status));
        settles(new Outcome.Fail(Outcome.Cause.FAILURE, "x"), Reply.json(status, "{}"),
                new SettleReply.Gone("failWorkspaceJob: HTTP " + status));
    }

    @ParameterizedTest
    @CsvSource({"401,CredentialRefused", "408,Unavailable", "429,RateLimited", "500,Unavailable", "503,Unavailable"})
    void whatPassesIsRepeatedByTheCaller(int status, String kind) {
        workspace.server.then(Reply.json(status, "{}"));

        StepVerifier.create(lease.settle(COMPLETE))
                .expectErrorSatisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(kind))
                .verify(WorkspacePlane.PATIENCE);
        assertThat(workspace.server.seen()).hasSize(1);
    }

    @Test
    void halfAnAnswerIsUnclear() {
        workspace.server.then(Reply.json("{\"ok\":tr"), Reply.json("{}").sent(Manner.HALF),
                Reply.json("{}").sent(Manner.RESET));

        for (int i = 0; i < 3; i++) {
            StepVerifier.create(lease.settle(COMPLETE)).expectErrorSatisfies(e -> assertThat(e).isInstanceOfAny(
                    ControlPlaneException.Garbled.class, ControlPlaneException.Unavailable.class))
                    .verify(WorkspacePlane.PATIENCE);
        }
    }

    private void beats(Reply answer, HeartbeatReply expected) {
        workspace.server.then(answer.with("Date", "Sun, 17 May 2026 10:00:00 GMT"));
        StepVerifier.create(lease.heartbeat()).expectNext(expected).expectComplete().verify(WorkspacePlane.PATIENCE);
    }

    private void settles(Outcome outcome, Reply answer, SettleReply expected) {
        workspace.server.then(answer);
        StepVerifier.create(lease.settle(outcome)).expectNext(expected).expectComplete()
                .verify(WorkspacePlane.PATIENCE);
    }
}
