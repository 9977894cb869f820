package dev.coxswain.supervisor.runner;

import java.time.Duration;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import reactor.core.publisher.Mono;

/**
 * A lease and how long it holds. Everything that is sent for its job goes through {@link #guarded}, so that a supervisor
 * that was frozen finds out before its next write (design section 5.4).
 */
final class HeldLease {
    private final Lease lease;
    private final FleetClock clock;
    private final JobTrace trace;
    private volatile LeaseTerm term;
    private volatile boolean over;

    HeldLease(Lease lease, FleetClock clock) {
        this(lease, clock, JobTrace.OFF);
    }

    HeldLease(Lease lease, FleetClock clock, JobTrace trace) {
        this.lease = lease;
        this.clock = clock;
        this.trace = trace;
        this.term = lease.term();
    }

    Lease lease() {
        return lease;
    }

    /** Whom its job's way is told. */
    JobTrace trace() {
        return trace;
    }

    LeaseTerm term() {
        return term;
    }

    /** Takes a renewal; one that ends earlier than what we hold is the server's word and counts too. */
    void renew(LeaseTerm renewed) {
        term = renewed;
    }

    /** The lease is gone for good: from now on nothing is sent for it. */
    void end() {
        over = true;
    }

    /** Whether nothing may be sent for this lease any more. */
    boolean isOver() {
        return over || untilFenceNanos() <= 0;
    }

    /** Whether somebody said that it is over, before the fence. */
    boolean ended() {
        return over;
    }

    long untilFenceNanos() {
        return term.fenceAtNanos() - clock.nanos();
    }

    Duration untilFence() {
        return Duration.ofNanos(Math.max(0, untilFenceNanos()));
    }

    /** Lets a call out only while the lease holds; else it fails with {@link ControlPlaneException.LeaseLost}. */
    <T> Mono<T> guarded(Mono<T> call) {
        return Mono.defer(() -> isOver()
                ? Mono.error(
                        new ControlPlaneException.LeaseLost("the lease is over; nothing more is sent for this job"))
                : call);
    }
}
