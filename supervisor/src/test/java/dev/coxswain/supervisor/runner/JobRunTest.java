package dev.coxswain.supervisor.runner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;

import org.junit.jupiter.api.Test;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.SettleReply;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** One job's bracket, in virtual time. */
class JobRunTest {
    private final TestBench bench = new TestBench();
    private final Slots slots = new Slots(new SlotsConfig(1),
            List.of(new Slots.PoolShare("pool", OptionalInt.empty(), OptionalInt.empty())), bench.meters);
    private final List<JobEnd> ends = new ArrayList<>();

    private JobRun start() {
        Slots.Slot slot = (Slots.Slot) slots.reserve("pool");
        JobRun run = new JobRun(bench.services(), TestBench.CREDENTIAL, bench.held(), slot);
        run.run().subscribe(ends::add);
        return run;
    }

    @Test
    void aJobIsClaimedRunKeptAndCompletedAndTheSlotComesBack() {
        bench.workload = bench.lasting(Duration.ofMinutes(5));
        start();
        bench.time.advanceTimeBy(Duration.ofMinutes(4));
        assertThat(slots.used()).isEqualTo(1);
        assertThat(bench.journal.claims).hasSize(1);
        assertThat(bench.lease.beatsAt).hasSizeGreaterThan(10);

        bench.time.advanceTimeBy(Duration.ofMinutes(2));

        assertThat(ends).containsExactly(new JobEnd(SettleResult.SUCCESS, ""));
        assertThat(bench.lease.settled).containsExactly(new Outcome.Complete("{}"));
        assertThat(bench.workspace.closed).isEqualTo(1);
        assertThat(bench.journal.ends).hasSize(1);
        assertThat(slots.used()).isZero();
        assertThat(bench.counted()).containsExactly("success");
        int beats = bench.lease.beatsAt.size();
        bench.time.advanceTimeBy(Duration.ofMinutes(10));
        assertThat(bench.lease.beatsAt).hasSize(beats);
    }

    @Test
    void aLostLeaseKillsAtOnceAndSendsNothing() {
        bench.workload = bench.lasting(Duration.ofMinutes(5));
        start();
        bench.time.advanceTimeBy(Duration.ofSeconds(10));
        bench.lease.beat = () -> Mono.just(new HeartbeatReply.Lost("409"));

        bench.time.advanceTimeBy(Duration.ofSeconds(20));

        assertThat(ends).containsExactly(new JobEnd(SettleResult.LOST, "409"));
        assertThat(bench.workspace.stops).containsExactly(Workspace.Stop.KILL);
        assertThat(bench.lease.settled).isEmpty();
        assertThat(bench.journal.outcomes).isEmpty();
        assertThat(bench.journal.ends).hasSize(1);
        assertThat(slots.used()).isZero();
    }

    @Test
    void aCancelIsPoliteAndReportedOnce() {
        bench.workload = bench.lasting(Duration.ofMinutes(5));
        JobRun run = start();
        bench.time.advanceTimeBy(Duration.ofSeconds(10));

        assertThat(run.cancel(Outcome.Cause.CANCELLED, "cancelled by a person")).isTrue();
        assertThat(run.cancel(Outcome.Cause.CANCELLED, "again")).isFalse();
        bench.time.advanceTimeBy(Duration.ofSeconds(4));

        assertThat(bench.workspace.stops).containsExactly(Workspace.Stop.TERM);
        assertThat(bench.lease.settled)
                .containsExactly(new Outcome.Fail(Outcome.Cause.CANCELLED, "cancelled by a person"));
        assertThat(bench.counted()).containsExactly("cancelled");
    }

    @Test
    void aLeaseThatEndsDuringAPoliteStopIsKilledAndNotReported() {
        bench.workload = bench.lasting(Duration.ofMinutes(5));
        JobRun run = start();
        bench.time.advanceTimeBy(Duration.ofSeconds(14));
        bench.lease.beat = () -> Mono.just(new HeartbeatReply.Lost("409"));
        run.cancel(Outcome.Cause.CANCELLED, "drain");

        bench.time.advanceTimeBy(Duration.ofSeconds(30));

        assertThat(ends).hasSize(1);
        if (bench.lease.settled.isEmpty()) {
            assertThat(bench.workspace.stops).contains(Workspace.Stop.KILL);
        }
    }

    @Test
    void theControlPlaneMayCancelByHeartbeat() {
        bench.workload = bench.lasting(Duration.ofMinutes(5));
        bench.lease.beat = () -> Mono.just(new HeartbeatReply.CancelRequested(
                new LeaseTerm(bench.clock.nanos(), Duration.ofSeconds(60), false), "the short was deleted"));
        start();

        bench.time.advanceTimeBy(Duration.ofSeconds(5));

        assertThat(bench.lease.settled)
                .containsExactly(new Outcome.Fail(Outcome.Cause.CANCELLED, "the short was deleted"));
    }

    @Test
    void aFailedJobIsReportedMasked() {
        bench.workload = (job, space) -> Flux
                .just(new ExecutionEvent.Ended(new JobResult.Failed("bad key cred.secret-token")));
        start();
        bench.time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(bench.lease.settled).containsExactly(new Outcome.Fail(Outcome.Cause.FAILURE, "bad key ***"));
    }

    @Test
    void aTimeoutIsCountedAsOne() {
        bench.workload = (job, space) -> Flux.just(new ExecutionEvent.Ended(new JobResult.TimedOut("30 m are over")));
        start();
        bench.time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(bench.counted()).containsExactly("timeout");
    }

    @Test
    void anErrorOfOursFailsTheJobWithoutItsInsides() {
        bench.workload = (job, space) -> Flux.error(new IllegalStateException("cred.secret-token"));
        start();
        bench.time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(ends).singleElement().satisfies(end -> assertThat(end.message()).contains("internal error")
                .doesNotContain("secret"));
        assertThat(slots.used()).isZero();
    }

    @Test
    void aWorkspaceThatCannotBeMadeFailsTheJobWithItsReason() {
        bench.workload = (job, space) -> Flux.error(new WorkspaceException("the disk is full"));
        start();
        bench.time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(bench.lease.settled).containsExactly(new Outcome.Fail(Outcome.Cause.FAILURE, "the disk is full"));
    }

    @Test
    void aJournalThatRefusesKeepsTheJobFromStarting() {
        bench.journal.broken = true;
        start();
        bench.time.advanceTimeBy(Duration.ofSeconds(1));

        // no outcome: the journal has no lease that it could belong to
        assertThat(bench.journal.refused).containsExactly("claimed", "settled");
        assertThat(bench.lease.settled).singleElement().isInstanceOf(Outcome.Fail.class);
        assertThat(ends).singleElement().satisfies(end -> assertThat(end.message()).contains("journal"));
        assertThat(bench.workspace.closed).isZero();
        assertThat(slots.used()).isZero();
    }

    /** Any mix of job lengths, answers and cancels: one end, slot back, workspace closed, no write when the lease is over. */
    @Property(tries = 200)
    void theBracketAlwaysCloses(@ForAll long seed) {
        TestBench any = new TestBench();
        Random random = new Random(seed);
        Slots one = new Slots(new SlotsConfig(1),
                List.of(new Slots.PoolShare("pool", OptionalInt.empty(), OptionalInt.empty())), any.meters);
        any.workload = random.nextInt(4) == 0
                ? (job, space) -> Flux.just(new ExecutionEvent.Ended(new JobResult.Failed("no")))
                : any.lasting(Duration.ofMillis(random.nextInt(400_000)));
        double bad = random.nextDouble() * 0.6;
        any.lease.beat = () -> random.nextDouble() < 0.03
                ? Mono.just(new HeartbeatReply.Lost("gone"))
                : random.nextDouble() < bad
                        ? Mono.error(new ControlPlaneException.Unavailable("x", null, null))
                        : Mono.just(any.lease.renewed());
        any.lease.settle = outcome -> {
            assertThat(any.held().isOver()).isFalse();
            return random.nextDouble() < bad
                    ? Mono.error(new ControlPlaneException.Unavailable("y", null, null))
                    : Mono.just(new SettleReply.Acknowledged());
        };
        List<JobEnd> how = new ArrayList<>();
        JobRun run = new JobRun(any.services(), TestBench.CREDENTIAL, any.held(), (Slots.Slot) one.reserve("pool"));
        run.run().subscribe(how::add);
        if (random.nextBoolean()) {
            any.time.advanceTimeBy(Duration.ofMillis(random.nextInt(300_000)));
            run.cancel(Outcome.Cause.CANCELLED, "drain");
        }

        any.time.advanceTimeBy(Duration.ofMinutes(30));

        assertThat(how).hasSize(1);
        assertThat(one.used()).isZero();
        assertThat(any.workspace.closed).isEqualTo(1);
        assertThat(any.journal.ends).hasSize(1);
        if (how.get(0).result() == SettleResult.LOST) {
            assertThat(any.counted()).containsExactly("lost");
        }
    }
}
