package dev.coxswain.supervisor.controlplane.shithub;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.Presence;
import dev.coxswain.supervisor.testing.RudeServer.Reply;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;

/** Heartbeats of one registration token, one after another (contract shithub-actions 3, 16.1, 16.2). */
class ClaimLoopTest {
    private final ShithubRig rig = new ShithubRig();
    private final List<Sinks.One<LeaseReply>> answers = new ArrayList<>();
    private final List<String> sent = new ArrayList<>();
    private final ClaimLoop loop = new ClaimLoop(() -> 3, (claiming, capacity, active) -> {
        sent.add((claiming ? "claim " : "keep ") + capacity + " " + active);
        Sinks.One<LeaseReply> answer = Sinks.one();
        answers.add(answer);
        return answer.asMono();
    });
    private final List<String> heard = new ArrayList<>();

    @AfterEach
    void close() {
        rig.close();
    }

    private Disposable ask(String who) {
        return loop.lease().subscribe(reply -> heard.add(who + switch (reply) {
            case LeaseReply.Granted(var lease, var rate) -> " " + lease.job().id();
            case LeaseReply.NoJob none -> " none";
        }), failure -> heard.add(who + " " + failure.getClass().getSimpleName()));
    }

    private void answer(int request, long job) {
        LeaseReply reply = job == 0
                ? new LeaseReply.NoJob(null)
                : rig.ask(ShithubRig.claim(job));
        answers.get(request).tryEmitValue(reply);
    }

    @Test
    void trap07SeveralSlotsOfOneRunnerAreOneRequestAtATimeAndEachGetsOneAnswer() {
        ask("a");
        ask("b");
        ask("c");
        assertThat(sent).containsExactly("claim 1 []");
        answer(0, 7);
        assertThat(heard).containsExactly("a 7");
        // the list was built after the answer was taken in (trap 7)
        assertThat(sent).containsExactly("claim 1 []", "claim 3 [7]");

        answer(1, 8);
        assertThat(sent).endsWith("claim 3 [7, 8]");
        answer(2, 0);

        assertThat(heard).containsExactly("a 7", "b 8", "c none");
        assertThat(sent).hasSize(3);
    }

    @Test
    void whoAsksWhileARequestIsOutIsInTheNextOne() {
        ask("a");
        ask("b");
        answer(0, 0);

        assertThat(heard).containsExactly("a none");
        assertThat(sent).containsExactly("claim 1 []", "claim 1 []");
        answer(1, 0);
        assertThat(heard).containsExactly("a none", "b none");
    }

    @Test
    void trap09CapacityIsNeverLessThanWhatIsListedAndNeverMoreThanTheSlots() {
        IntStream.range(0, 5).forEach(i -> ask("n" + i));
        IntStream.range(0, 4).forEach(i -> answer(i, 100 + i));

        assertThat(sent).containsExactly("claim 1 []", "claim 3 [100]", "claim 3 [100, 101]", "claim 3 [100, 101, 102]",
                "claim 4 [100, 101, 102, 103]");
    }

    @Test
    void trap04AJobThatNobodyWaitsForIsKeptForTheNextOne() {
        Disposable gone = ask("a");
        gone.dispose();
        answer(0, 7);

        assertThat(loop.spares().all()).hasSize(1);
        ask("b");
        assertThat(heard).containsExactly("b 7");
        assertThat(sent).hasSize(1);
        assertThat(loop.spares().all()).isEmpty();
    }

    @Test
    void whoWaitsGetsTheJobOfOneWhoHasGone() {
        Disposable gone = ask("a");
        ask("b");
        gone.dispose();
        answer(0, 7);

        assertThat(heard).containsExactly("b 7");
        assertThat(sent).hasSize(1);
    }

    @Test
    void aFailureIsTheAnswerOfThoseWhoWereInTheRequest() {
        ask("a");
        ask("b");
        answers.get(0).tryEmitError(new ControlPlaneException.Unavailable("down", null, null));

        assertThat(heard).containsExactly("a Unavailable");
        assertThat(sent).hasSize(2);
    }

    @Test
    void aMistakeOfOursIsAnAnswerToo() {
        ask("a");
        answers.get(0).tryEmitEmpty();
        ask("b");
        answers.get(1).tryEmitError(new IllegalStateException("ours"));

        assertThat(heard).containsExactly("a Unavailable", "b Unavailable");
    }

    @Test
    void withoutJobsNothingIsKept() {
        ShithubRig.done(loop.keep());

        assertThat(sent).isEmpty();
        assertThat(loop.isIdle()).isTrue();
    }

    @Test
    void aRunnerWithJobsAndNoFreeSlotClaimsNothing() {
        ask("a");
        answer(0, 7);
        Mono<Void> kept = loop.keep();
        Disposable first = kept.subscribe(done -> {}, failure -> heard.add("failed"), () -> heard.add("kept"));
        kept.subscribe(done -> {}, failure -> heard.add("failed"), () -> heard.add("kept too"));

        assertThat(sent).endsWith("keep 1 [7]").hasSize(2);
        answer(1, 0);
        assertThat(heard).containsExactly("a 7", "kept", "kept too");
        assertThat(first.isDisposed()).isTrue();
    }

    @Test
    void trap08AJobIsListedUntilItsEndIsAcknowledged() {
        Lease lease = rig.lease();
        ask("a");
        answers.get(0).tryEmitValue(new LeaseReply.Granted(lease));
        rig.server.then(Reply.html(502), Reply.json("{\"status\":\"cancelled\"}"));
        Outcome cancelled = new Outcome.Fail(Outcome.Cause.CANCELLED, "");

        ShithubRig.fails(lease.settle(cancelled), ControlPlaneException.Unavailable.class);
        ask("b");
        ShithubRig.only(lease.settle(cancelled));
        answer(1, 0);
        ask("c");

        assertThat(sent).containsExactly("claim 1 []", "claim 2 [" + ShithubRig.JOB + "]", "claim 1 []");
    }

    @Test
    void aLostJobIsListedUntilWhatItRanIsDead() {
        Lease lease = rig.lease();
        ask("a");
        answers.get(0).tryEmitValue(new LeaseReply.Granted(lease));
        rig.server.then(ShithubRig.REPLAYED);
        assertThat(ShithubRig.only(lease.heartbeat())).isInstanceOf(HeartbeatReply.Lost.class);

        ask("b");
        answer(1, 0);
        rig.nanos.addAndGet(ClaimLoop.GRACE.toNanos());
        ask("c");

        assertThat(sent).containsExactly("claim 1 []", "claim 2 [" + ShithubRig.JOB + "]", "claim 1 []");
    }

    /** A job that nobody took; its lease. */
    private Lease spare() {
        Lease lease = rig.lease();
        Disposable gone = ask("a");
        gone.dispose();
        answers.get(0).tryEmitValue(new LeaseReply.Granted(lease));
        return lease;
    }

    @Test
    void whatNobodyTookIsKeptAlive() {
        Lease lease = spare();
        rig.server.then(ShithubRig.next(1), Reply.html(502));

        ShithubRig.done(loop.spares().keepAlive());
        ShithubRig.fails(loop.spares().keepAlive(), ControlPlaneException.Unavailable.class);

        assertThat(rig.paths()).containsExactly("/cancel-check", "/cancel-check");
        assertThat(loop.spares().take()).isSameAs(lease);
        assertThat(loop.isIdle()).isFalse();
    }

    @Test
    void whatNobodyTookIsEndedWhenItIsCancelled() {
        spare();
        rig.server.then(ShithubRig.next(1, ",\"cancelled\":true"), Reply.json("{\"status\":\"cancelled\"}"));

        ShithubRig.done(loop.spares().keepAlive());

        assertThat(rig.paths()).containsExactly("/cancel-check", "/status");
        assertThat(rig.sent(1).path("status").stringValue()).isEqualTo("cancelled");
        assertThat(loop.spares().take()).isNull();
        assertThat(loop.isIdle()).isTrue();
    }

    @Test
    void aDrainEndsWhatNobodyTookAndForgetsNoneThatCouldNotBeReported() {
        spare();
        rig.server.then(Reply.html(502), Reply.json("{\"status\":\"cancelled\"}"));

        ShithubRig.fails(loop.spares().cancelAll(), ControlPlaneException.Unavailable.class);
        assertThat(loop.spares().all()).hasSize(1);
        ShithubRig.done(loop.spares().cancelAll());

        assertThat(loop.spares().all()).isEmpty();
        ShithubRig.done(loop.spares().cancelAll());
        assertThat(rig.paths()).containsExactly("/status", "/status");
    }

    @Test
    void aDrainingRunnerWithAJobIsHeardOfAndClaimsNothing() {
        rig.ask(ShithubRig.claim(5));
        rig.server.then(ShithubRig.NONE, ShithubRig.NONE);

        ShithubRig.done(rig.plane.present(ShithubRig.CREDENTIAL, Presence.BUSY));
        ShithubRig.done(rig.plane.present(ShithubRig.CREDENTIAL, Presence.DRAINING));

        assertThat(List.of(rig.sent(1), rig.sent(2))).allSatisfy(body -> {
            assertThat(body.path("active_job_ids").toString()).isEqualTo("[5]");
            assertThat(body.path("capacity").asInt()).isEqualTo(1);
        });
    }
}
