package dev.coxswain.supervisor.runner;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import io.micrometer.core.instrument.Counter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Keeps leases alive and says when one can't be kept (design sections 5.3 and 5.4). One flux for each lease; it is merged
 * with the job, and cancelled when the job no longer needs it. One beat at once, then at a third of what remains until the
 * fence, jittered downwards, never later than the protocol's cap; a beat that fails is tried again, sooner, as long as
 * time remains. Beside it runs the fence: a timer that no request can hold up.
 */
final class Heartbeats {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);
    private static final Duration SLOWEST_ANSWER = Duration.ofSeconds(10);
    private static final Duration FIRST_RETRY = Duration.ofMillis(250);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);
    private static final Duration LEAST_INTERVAL = Duration.ofMillis(100);
    /** Share of the planned interval that jitter may take away, so that a fleet's beats do not fall together. */
    private static final double JITTER = 0.2;

    /** With a fallback of its own Reactor does not put together a name for each timer. */
    private static final Mono<HeartbeatReply> LATE = Mono.error(() -> new TimeoutException("no answer in time"));

    private final FleetClock clock;
    private final Scheduler timer;
    private final DoubleSupplier random;

    /**
     * Keeps leases by these clocks.
     *
     * @param timer where beats and fences are timed; nothing slow runs there
     * @param random uniform in [0, 1)
     */
    Heartbeats(FleetClock clock, Scheduler timer, DoubleSupplier random) {
        this.clock = clock;
        this.timer = timer;
        this.random = random;
    }

    /**
     * Keeps one lease. Emits what happens; completes after {@link LeaseSignal.Lost} or {@link LeaseSignal.Fenced} only.
     * Never fails. Cancelling stops the beats and lets the lease be.
     *
     * @param firstBeat when the first beat is planned; zero right after the lease
     */
    Flux<LeaseSignal> keep(HeldLease held, Duration firstBeat, RunnerMeters meters) {
        return Flux.defer(() -> new Beats(held, firstBeat, meters).flux())
                .publish(beats -> Flux.merge(beats, new Fence(held, meters).flux(beats)))
                .takeUntil(signal -> signal instanceof LeaseSignal.Lost || signal instanceof LeaseSignal.Fenced);
    }

    /**
     * The fence of one lease. Its timer looks at the lease again when it rings, so a renewal that moves the fence away
     * costs nothing; one that brings it nearer arms it anew. Touched by one signal at a time.
     */
    private final class Fence {
        private final HeldLease held;
        private final RunnerMeters meters;
        private long armedForNanos;

        Fence(HeldLease held, RunnerMeters meters) {
            this.held = held;
            this.meters = meters;
        }

        Flux<LeaseSignal> flux(Flux<LeaseSignal> beats) {
            return beats.filter(beat -> held.term().fenceAtNanos() - armedForNanos < 0)
                    .startWith(new LeaseSignal.Renewed()).switchMap(armed -> reached());
        }

        private Mono<LeaseSignal> reached() {
            return Mono.defer(() -> {
                armedForNanos = held.term().fenceAtNanos();
                return Mono.delay(held.untilFence(), timer);
            }).repeat(() -> held.untilFenceNanos() > 0).then(Mono.fromSupplier(() -> {
                held.end();
                meters.fenced().increment();
                return new LeaseSignal.Fenced("no heartbeat was answered in time; the lease was about to expire");
            }));
        }
    }

    /** The beats of one lease; touched by one signal at a time. */
    private final class Beats {
        private final HeldLease held;
        private final RunnerMeters meters;
        private long plannedAtNanos;
        private int failures;

        Beats(HeldLease held, Duration firstBeat, RunnerMeters meters) {
            this.held = held;
            this.meters = meters;
            this.plannedAtNanos = clock.nanos() + firstBeat.toNanos();
        }

        Flux<LeaseSignal> flux() {
            return Mono.defer(this::planned).repeat(() -> !held.isOver());
        }

        /** One that is due leaves at once, on this thread. */
        private Mono<LeaseSignal> planned() {
            long wait = plannedAtNanos - clock.nanos();
            return wait <= 0 ? beat() : Mono.delay(Duration.ofNanos(wait), timer).flatMap(tick -> beat());
        }

        private Mono<LeaseSignal> beat() {
            if (held.isOver()) {
                return Mono.empty();
            }
            meters.heartbeatDelay().record(Duration.ofNanos(Math.max(0, clock.nanos() - plannedAtNanos)));
            Duration patience = held.untilFence().compareTo(SLOWEST_ANSWER) < 0 ? held.untilFence() : SLOWEST_ANSWER;
            return held.lease().heartbeat().timeout(patience, LATE, timer).flatMap(this::answered)
                    .onErrorResume(this::failed);
        }

        private Mono<LeaseSignal> answered(HeartbeatReply reply) {
            failures = 0;
            return switch (reply) {
                case HeartbeatReply.Renewed(var term) -> {
                    held.renew(term);
                    planNext();
                    yield counted(meters.heartbeat("renewed"), new LeaseSignal.Renewed());
                }
                case HeartbeatReply.CancelRequested(var term, var reason) -> {
                    held.renew(term);
                    planNext();
                    yield counted(meters.heartbeat("cancel"), new LeaseSignal.CancelRequested(reason));
                }
                case HeartbeatReply.Lost(var reason) -> {
                    held.end();
                    yield counted(meters.heartbeat("lost"), new LeaseSignal.Lost(reason));
                }
            };
        }

        private Mono<LeaseSignal> failed(Throwable failure) {
            meters.heartbeat("failed").increment();
            held.trace().heartbeatFailed(clock.nanos(), kind(failure));
            if (failure instanceof ControlPlaneException.LeaseLost lost) {
                held.end();
                return Mono.just(new LeaseSignal.Lost(String.valueOf(lost.getMessage())));
            }
            Duration asked = failure instanceof ControlPlaneException refused ? refused.retryAfter() : null;
            Duration wait = retryDelay(asked);
            failures++;
            plannedAtNanos = clock.nanos() + wait.toNanos();
            LOG.warn("heartbeat failed, {} ms until the fence; next in {} ms: job={} {}", held.untilFence().toMillis(),
                    wait.toMillis(), held.lease().job().key(),
                    failure instanceof TimeoutException ? "no answer in time" : failure.getMessage());
            return Mono.empty();
        }

        /** As few words as there are kinds: texts of failures belong to the log. */
        private static String kind(Throwable failure) {
            return switch (failure) {
                case ControlPlaneException known -> known.getClass().getSimpleName();
                case TimeoutException late -> "NoAnswer";
                default -> "Internal";
            };
        }

        /** A retry never waits past half of what remains: the server's wish can't cost the lease. */
        private Duration retryDelay(@Nullable Duration asked) {
            double exponential = FIRST_RETRY.toNanos() * Math.pow(2, Math.min(failures, 20));
            double jittered = Math.min(exponential, (double) LONGEST_RETRY.toNanos()) * (0.5 + random.getAsDouble());
            double wished = asked == null ? jittered : Math.max(jittered, (double) asked.toNanos());
            // the floor keeps the halving from ending in ever shorter waits
            return Duration.ofNanos(Math.max(LEAST_INTERVAL.toNanos(),
                    (long) Math.min(wished, held.untilFenceNanos() / 2.0)));
        }

        private void planNext() {
            double third = held.untilFenceNanos() / 3.0;
            double capped = Math.min(third, (double) held.lease().heartbeatCap().toNanos());
            double jittered = capped * (1 - JITTER * random.getAsDouble());
            plannedAtNanos = clock.nanos() + Math.max(LEAST_INTERVAL.toNanos(), (long) jittered);
        }

        private Mono<LeaseSignal> counted(Counter counter, LeaseSignal signal) {
            counter.increment();
            return Mono.just(signal);
        }
    }
}
