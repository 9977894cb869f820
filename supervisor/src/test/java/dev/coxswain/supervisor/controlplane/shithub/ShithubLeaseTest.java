package dev.coxswain.supervisor.controlplane.shithub;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.SourceAccess;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.SettleReply;
import dev.coxswain.supervisor.controlplane.StepMark;
import dev.coxswain.supervisor.controlplane.UnusableJobException;
import dev.coxswain.supervisor.testing.RudeServer.Manner;
import dev.coxswain.supervisor.testing.RudeServer.Reply;
import reactor.core.Disposable;

import static org.assertj.core.api.Assertions.assertThat;

/** A job from its beginning to its end (contract shithub-actions 4, 8, 9, 11, 12). */
class ShithubLeaseTest {
    private static final Reply ENDED = Reply.json("{\"status\":\"completed\",\"conclusion\":\"success\","
            + "\"run_status\":\"completed\",\"run_conclusion\":\"failure\"}");
    private static final Outcome FAILED = new Outcome.Fail(Outcome.Cause.FAILURE, "no good");
    private static final Outcome CANCELLED = new Outcome.Fail(Outcome.Cause.CANCELLED, "a person did");
    private final ShithubRig rig = new ShithubRig();

    @AfterEach
    void close() {
        rig.close();
    }

    private static StepMark mark(ExecutionEvent.Step step) {
        return new StepMark(step, ShithubRig.NOW);
    }

    @Test
    void theTokensStayBehindTheLease() {
        Lease lease = rig.lease();

        assertThat(lease.job().id()).isEqualTo(Long.toString(ShithubRig.JOB));
        assertThat(lease.job().key()).startsWith("actions-" + ShithubRig.JOB).matches("[A-Za-z0-9_-]+");
        assertThat(lease.job().document()).contains("hush-hush").doesNotContain("token-0", "check.out-1");
        assertThat(lease.sources()).isEqualTo(new SourceAccess("https://git.example.org/o/r.git",
                "Authorization: Basic "
                        + Base64.getEncoder()
                                .encodeToString("shithub-actions:check.out-1".getBytes(StandardCharsets.UTF_8))));
        assertThat(lease.toString()).doesNotContain("hush", "token");
    }

    @Test
    void trap20EmptyMasksMaskNothingAndNullIsNone() {
        assertThat(rig.lease().secrets()).contains(new Secret("hush-hush"), new Secret("check.out-1"),
                new Secret("token-0"));
        Lease bare = ((LeaseReply.Granted) rig.ask(Reply.json("{\"token\":\"t\",\"expires_at\":\"x\",\"job\":{\"id\":4,"
                + "\"secrets\":null,\"variables\":null,\"mask_values\":null,\"needs\":null,\"steps\":[]}}"))).lease();

        assertThat(bare.secrets()).containsExactly(new Secret("t"));
        assertThat(bare.sources()).isNull();
        // an expiry that can't be read: the usual one
        assertThat(bare.term().length()).isEqualTo(Duration.ofMinutes(15));
    }

    @ParameterizedTest
    @CsvSource({"https://u:p@git.example.org/o/r.git", "ssh://git.example.org/o/r.git", "file:///etc", "''",
            "https://git.example.org/o/r.git?x=@"})
    void onlyACleanAddressGetsTheCheckoutToken(String url) {
        Lease lease = ((LeaseReply.Granted) rig.ask(Reply.json("{\"token\":\"t\",\"job\":{\"id\":4,\"checkout_url\":\""
                + url + "\",\"checkout_token\":\"c\",\"steps\":[]}}"))).lease();

        assertThat(lease.sources()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"'[{}]'", "'[{\"id\":0}]'", "'[{\"id\":7},{\"id\":7}]'", "null", "'[{\"id\":\"7\"}]'"})
    void stepsWithoutIdsAreNoJob(String steps) {
        Lease lease = ((LeaseReply.Granted) rig.ask(
                Reply.json("{\"token\":\"t\",\"job\":{\"id\":4,\"steps\":" + steps + "}}"))).lease();

        ShithubRig.fails(lease.brief(), UnusableJobException.class);
    }

    @Test
    void theBeginningIsToldAndTheTermIsTheNewestTokens() {
        Lease lease = rig.lease();
        assertThat(lease.term().length()).isEqualTo(Duration.ofMinutes(15));
        rig.nanos.set(60_000_000_000L);
        rig.server.then(ShithubRig.next(1, ",\"status\":\"running\",\"conclusion\":null"));

        LeaseTerm term = ShithubRig.only(lease.begin());

        assertThat(term.sentAtNanos()).isEqualTo(60_000_000_000L);
        assertThat(term).isEqualTo(lease.term());
        assertThat(rig.server.only().uri()).isEqualTo(ShithubRig.PATH + "/status");
        assertThat(rig.server.only().body()).isEqualTo("{\"status\":\"running\"}");
        assertThat(rig.server.only().headers().get("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void theCancelCheckRenewsAndTells() {
        Lease lease = rig.lease();
        rig.server.then(ShithubRig.next(1, ",\"cancelled\":false"), ShithubRig.next(2, ",\"cancelled\":true"));

        assertThat(lease.heartbeatCap()).isEqualTo(Duration.ofSeconds(2));
        assertThat(ShithubRig.only(lease.heartbeat())).isEqualTo(new HeartbeatReply.Renewed(lease.term()));
        assertThat(ShithubRig.only(lease.heartbeat())).isInstanceOf(HeartbeatReply.CancelRequested.class);
        assertThat(rig.paths()).containsExactly("/cancel-check", "/cancel-check");
        assertThat(List.of(rig.bearer(0), rig.bearer(1))).containsExactly("Bearer token-0", "Bearer token-1");
    }

    @Test
    void trap23StepsThatNobodyToldOfAreToldBeforeTheEnd() {
        Lease lease = rig.lease();
        lease.stepped(mark(new ExecutionEvent.StepStarted("71 Build", "make")));
        rig.server.then(ShithubRig.next(1), ShithubRig.next(2), ENDED);

        assertThat(ShithubRig.only(lease.settle(FAILED))).isEqualTo(new SettleReply.Acknowledged());

        assertThat(rig.paths()).containsExactly("/steps/71/status", "/steps/72/status", "/status");
        assertThat(rig.server.seen().get(0).body()).isEqualTo("{\"status\":\"completed\",\"conclusion\":\"failure\","
                + "\"started_at\":\"2026-05-17T10:00:00Z\",\"completed_at\":\"2026-05-17T10:00:00Z\"}");
        assertThat(rig.server.seen().get(1).body()).isEqualTo("{\"status\":\"skipped\",\"conclusion\":\"skipped\"}");
        assertThat(rig.server.seen().get(2).body())
                .isEqualTo("{\"status\":\"completed\",\"conclusion\":\"failure\"}");
        assertThat(rig.bearer(2)).isEqualTo("Bearer token-2");
    }

    @Test
    void aStepThatEndedIsToldAsItEnded() {
        Lease lease = rig.lease();
        lease.stepped(mark(new ExecutionEvent.StepStarted("71")));
        lease.stepped(mark(new ExecutionEvent.StepEnded("71", 0)));
        lease.stepped(mark(new ExecutionEvent.StepStarted("72")));
        rig.server.then(ShithubRig.next(1), ShithubRig.next(2), ENDED);

        ShithubRig.only(lease.settle(new Outcome.Fail(Outcome.Cause.TIMEOUT, "too long")));

        assertThat(rig.sent(0).path("conclusion").stringValue()).isEqualTo("success");
        assertThat(rig.sent(1).path("conclusion").stringValue()).isEqualTo("timed_out");
        assertThat(rig.sent(2).path("conclusion").stringValue()).isEqualTo("timed_out");
    }

    @Test
    void trap24ACancelledJobIsReportedSoWithoutItsSteps() {
        Lease lease = rig.lease();
        rig.server.then(ENDED);

        assertThat(ShithubRig.only(lease.settle(CANCELLED))).isEqualTo(new SettleReply.Acknowledged());

        assertThat(rig.server.only().body()).isEqualTo("{\"status\":\"cancelled\",\"conclusion\":\"cancelled\"}");
    }

    @Test
    void trap22CompletedAlwaysHasAConclusion() throws Exception {
        Lease lease = rig.lease();
        Outcome.Complete complete = lease.compose("{}", Map.of());
        rig.server.then(ShithubRig.next(1), ShithubRig.next(2), ENDED);

        ShithubRig.only(lease.settle(complete));

        assertThat(complete.body()).isEqualTo("{\"status\":\"completed\",\"conclusion\":\"success\"}");
        assertThat(rig.server.seen().get(2).body()).isEqualTo(complete.body());
        assertThat(lease.plan("{}")).isEmpty();
    }

    @Test
    void aRepeatedReportGoesOnWhereItStopped() {
        Lease lease = rig.lease();
        rig.server.then(ShithubRig.next(1), Reply.html(502), ShithubRig.next(2), ENDED.sent(Manner.RESET), ENDED);

        ShithubRig.fails(lease.settle(FAILED), ControlPlaneException.Unavailable.class);
        ShithubRig.fails(lease.settle(FAILED), ControlPlaneException.Unavailable.class);
        assertThat(ShithubRig.only(lease.settle(FAILED))).isEqualTo(new SettleReply.Acknowledged());

        assertThat(rig.paths()).containsExactly("/steps/71/status", "/steps/72/status", "/steps/72/status", "/status",
                "/status");
        assertThat(List.of(rig.bearer(3), rig.bearer(4))).containsOnly("Bearer token-2");
    }

    @Test
    void aReplayedReportIsUnclearAndNothingFollows() {
        Lease lease = rig.lease();
        rig.server.then(ENDED.sent(Manner.RESET), ShithubRig.REPLAYED);

        ShithubRig.fails(lease.settle(CANCELLED), ControlPlaneException.Unavailable.class);
        assertThat(ShithubRig.only(lease.settle(CANCELLED)))
                .isEqualTo(new SettleReply.Gone("job token replayed"));
        assertThat(ShithubRig.only(lease.settle(FAILED))).isEqualTo(new SettleReply.Gone("job token replayed"));
        assertThat(rig.server.seen()).hasSize(2);
    }

    @Test
    void trap24ARefusedTransitionEndsIt() {
        Lease lease = rig.lease();
        String words = "invalid status transition cancelled -> completed";
        rig.server.then(ShithubRig.error(400, words));

        assertThat(ShithubRig.only(lease.settle(FAILED))).isEqualTo(new SettleReply.Gone(words));
    }

    @Test
    void trap21AReportThatNobodyWaitedForCounts() {
        Lease lease = rig.lease();
        rig.server.then(ENDED);
        Disposable waiter = lease.settle(CANCELLED).subscribe(reply -> {}, failure -> {});
        waiter.dispose();

        // behind the first one, which goes on
        assertThat(ShithubRig.only(lease.settle(CANCELLED))).isEqualTo(new SettleReply.Acknowledged());
        assertThat(rig.server.seen()).hasSize(1);
        assertThat(ShithubRig.only(lease.heartbeat())).isInstanceOf(HeartbeatReply.Lost.class);
    }

    @Test
    void aPageIsNoAcknowledgement() {
        Lease lease = rig.lease();
        rig.server.then(Reply.html(200), Reply.json("{}"), ENDED);

        ShithubRig.fails(lease.settle(CANCELLED), ControlPlaneException.Garbled.class);
        ShithubRig.fails(lease.settle(CANCELLED), ControlPlaneException.Garbled.class);
        assertThat(ShithubRig.only(lease.settle(CANCELLED))).isEqualTo(new SettleReply.Acknowledged());
    }

    @Test
    void aJobOfAFormerLifeIsLostAndNothingIsSentForIt() {
        Lease lease = rig.plane.restore(new LeaseRecord("actions-7-x", "actions", "pool", "actions-1", "7", "{}",
                ShithubRig.NOW), ShithubRig.CREDENTIAL);

        assertThat(ShithubRig.only(lease.heartbeat())).isInstanceOf(HeartbeatReply.Lost.class);
        assertThat(ShithubRig.only(lease.settle(FAILED))).isInstanceOf(SettleReply.Gone.class);
        assertThat(lease.job().key()).isEqualTo("actions-7-x");
        assertThat(lease.term().length()).isZero();
        assertThat(rig.server.seen()).isEmpty();
        assertThat(Objects.requireNonNull(lease.feed()).batchTime()).isPositive();
    }
}
