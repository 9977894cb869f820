package dev.coxswain.supervisor.runner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.metrics.Meters;
import dev.coxswain.supervisor.testing.ScriptedLease;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/** Heartbeats and the fence, in virtual time. */
class HeartbeatsTest {
    private static final Duration LEASE = Duration.ofSeconds(60);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final FleetClock clock = FleetClock.of(time);
    private final RunnerMeters meters = new RunnerMeters(new Meters(new SimpleMeterRegistry()), "plane", "pool");
    private final ScriptedLease lease = new ScriptedLease(clock, LEASE);
    private final HeldLease held = new HeldLease(lease, clock);
    private final List<LeaseSignal> seen = new ArrayList<>();

    private Disposable keep(Random random) {
        return new Heartbeats(clock, time, random::nextDouble).keep(held, Duration.ZERO, meters).subscribe(seen::add);
    }

    @Test
    void beatsAtOnceAndThenWithinAThirdOfWhatRemains() {
        keep(new Random(1));
        time.advanceTimeBy(Duration.ZERO);
        assertThat(lease.beatsAt).hasSize(1);

        time.advanceTimeBy(Duration.ofMinutes(10));

        assertThat(seen).allMatch(signal -> signal instanceof LeaseSignal.Renewed);
        long third = LEASE.minus(Duration.ofSeconds(5)).dividedBy(3).toNanos();
        for (int i = 1; i < lease.beatsAt.size(); i++) {
            assertThat(lease.beatsAt.get(i) - lease.beatsAt.get(i - 1)).isBetween((long) (third * 0.79),
                    third + 1_000_000);
        }
        assertThat(lease.beatsAt.size()).isBetween(33, 42);
    }

    @Test
    void aFailedBeatIsTriedAgainWhileTimeRemainsAndThenTheFenceFalls() {
        lease.beat = () -> Mono.error(new ControlPlaneException.Unavailable("503", null, null));
        keep(new Random(2));

        time.advanceTimeBy(Duration.ofSeconds(54));
        assertThat(seen).isEmpty();
        assertThat(lease.beatsAt.size()).isGreaterThan(10);

        time.advanceTimeBy(Duration.ofSeconds(1).plusMillis(1));
        assertThat(seen).singleElement().isInstanceOf(LeaseSignal.Fenced.class);
        int sent = lease.beatsAt.size();

        time.advanceTimeBy(Duration.ofMinutes(5));
        assertThat(lease.beatsAt).hasSize(sent);
        assertThat(held.isOver()).isTrue();
    }

    @Test
    void aHangingBeatDoesNotHoldUpTheFence() {
        lease.beat = Mono::never;
        keep(new Random(3));

        time.advanceTimeBy(Duration.ofSeconds(55).plusMillis(1));

        assertThat(seen).singleElement().isInstanceOf(LeaseSignal.Fenced.class);
    }

    @Test
    void oneAnswerAfterManyFailuresMovesTheFence() {
        lease.beat = () -> Mono.error(new ControlPlaneException.Unavailable("reset", null, null));
        keep(new Random(4));
        time.advanceTimeBy(Duration.ofSeconds(40));
        lease.beat = () -> Mono.just(lease.renewed());

        time.advanceTimeBy(Duration.ofSeconds(50));

        assertThat(seen).isNotEmpty().allMatch(signal -> signal instanceof LeaseSignal.Renewed);
    }

    @Test
    void aRenewalThatShortensTheLeaseBringsTheFenceNearer() {
        keep(new Random(5));
        time.advanceTimeBy(Duration.ofSeconds(1));
        lease.beat = () -> Mono.just(new HeartbeatReply.Renewed(
                new LeaseTerm(clock.nanos(), Duration.ofSeconds(4), false)));
        time.advanceTimeBy(Duration.ofSeconds(20));
        lease.beat = Mono::never;

        time.advanceTimeBy(Duration.ofSeconds(4));

        assertThat(seen).last().isInstanceOf(LeaseSignal.Fenced.class);
    }

    @Test
    void lostEndsItAtOnceAndNothingMoreIsSent() {
        lease.beat = () -> Mono.just(new HeartbeatReply.Lost("409"));
        keep(new Random(6));
        time.advanceTimeBy(Duration.ofMinutes(5));

        assertThat(seen).containsExactly(new LeaseSignal.Lost("409"));
        assertThat(lease.beatsAt).hasSize(1);
    }

    @Test
    void aCancelRequestIsPassedOnAndTheLeaseIsKept() {
        lease.beat = () -> Mono
                .just(new HeartbeatReply.CancelRequested(new LeaseTerm(clock.nanos(), LEASE, false), "by a person"));
        keep(new Random(7));
        time.advanceTimeBy(Duration.ofSeconds(30));

        assertThat(seen).hasSizeGreaterThan(1).allMatch(signal -> signal instanceof LeaseSignal.CancelRequested);
    }

    @Test
    void aCancelledKeeperSendsNothingMore() {
        Disposable keeper = keep(new Random(8));
        time.advanceTimeBy(Duration.ofSeconds(30));
        int sent = lease.beatsAt.size();

        keeper.dispose();
        time.advanceTimeBy(Duration.ofMinutes(5));

        assertThat(lease.beatsAt).hasSize(sent);
        assertThat(seen).allMatch(signal -> signal instanceof LeaseSignal.Renewed);
    }

    @Test
    void aFrozenSupervisorFindsOutBeforeItsNextWrite() {
        keep(new Random(9));
        time.advanceTimeBy(Duration.ofSeconds(1));
        FrozenClock frozen = new FrozenClock(clock);
        HeldLease asleep = new HeldLease(new ScriptedLease(frozen, LEASE), frozen);

        frozen.skip(Duration.ofSeconds(56));

        assertThat(asleep.guarded(Mono.just("sent")).onErrorReturn(ControlPlaneException.LeaseLost.class, "held back")
                .toFuture()).isCompletedWithValue("held back");
    }

    /** Whatever the answers: no beat after the fence, never a gap that reaches the fence while the server answers. */
    @Property(tries = 150)
    void theFenceAlwaysFallsBeforeTheDeadlineAndBeatsStopThere(@ForAll @IntRange(min = 3, max = 900) int leaseSeconds,
            @ForAll @DoubleRange(min = 0, max = 1) double failureRate, @ForAll long seed) {
        VirtualTimeScheduler virtual = VirtualTimeScheduler.create();
        FleetClock at = FleetClock.of(virtual);
        Random random = new Random(seed);
        ScriptedLease scripted = new ScriptedLease(at, Duration.ofSeconds(leaseSeconds));
        HeldLease kept = new HeldLease(scripted, at);
        scripted.beat = () -> random.nextDouble() < failureRate
                ? random.nextBoolean() ? Mono.never() : Mono.error(new ControlPlaneException.Garbled("html", null))
                : Mono.just(scripted.renewed());
        List<LeaseSignal> signals = new ArrayList<>();
        List<Long> at_ = new ArrayList<>();
        new Heartbeats(at, virtual, random::nextDouble).keep(kept, Duration.ZERO, meters).subscribe(signal -> {
            signals.add(signal);
            at_.add(at.nanos());
        });

        virtual.advanceTimeBy(Duration.ofSeconds(leaseSeconds * 20L));

        LeaseSignal last = signals.isEmpty() ? new LeaseSignal.Renewed() : signals.get(signals.size() - 1);
        if (last instanceof LeaseSignal.Fenced) {
            assertThat(at_.get(at_.size() - 1)).isBetween(kept.term().fenceAtNanos(), kept.term().deadlineNanos() - 1);
            assertThat(scripted.beatsAt).allMatch(beat -> beat < kept.term().fenceAtNanos());
        } else {
            assertThat(kept.isOver()).isFalse();
        }
        if (failureRate == 0) {
            assertThat(last).isInstanceOf(LeaseSignal.Renewed.class);
        }
        virtual.dispose();
    }

    /** A clock that can jump, as after a SIGSTOP. */
    private static final class FrozenClock implements FleetClock {
        private final FleetClock base;
        private long skippedNanos;

        FrozenClock(FleetClock base) {
            this.base = base;
        }

        void skip(Duration time) {
            skippedNanos += time.toNanos();
        }

        @Override
        public long nanos() {
            return base.nanos() + skippedNanos;
        }

        @Override
        public java.time.Instant now() {
            return base.now().plusNanos(skippedNanos);
        }
    }
}
