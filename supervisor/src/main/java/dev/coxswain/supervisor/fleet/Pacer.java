package dev.coxswain.supervisor.fleet;

import java.util.function.DoubleSupplier;

/**
 * Says when the next runner of a pool is asked for, so that the pool's requests are spread evenly in time: whichever runner
 * asks first brings the job, so one request every interval/n finds it sooner than n requests whose moments are left to
 * chance. Each waiting runner adds its share (1/interval) to the speed; a request is due whenever the sum over time
 * reaches a threshold of 1 ± ½, so that a lone runner is asked in its interval ± 50 %. Not thread-safe; times are
 * monotonic nanoseconds; every call costs the same, however many wait.
 */
final class Pacer {
    /** How far the clock may run ahead of the requests: one may be made up for, not a whole outage. */
    private static final double MOST_AHEAD = 1;
    private static final double ROUNDING = 1e-9;

    private final DoubleSupplier random;
    private int waiting;
    private double speed;
    private double reached;
    private double threshold;
    private long atNanos;

    /** Starts with one request due, so that the first runner does not wait. */
    Pacer(DoubleSupplier random, long nowNanos) {
        this.random = random;
        this.atNanos = nowNanos;
    }

    /** One more waits. */
    void add(long nowNanos, double share) {
        advance(nowNanos);
        waiting++;
        speed += share;
    }

    /** One waits no longer. */
    void remove(long nowNanos, double share) {
        advance(nowNanos);
        waiting--;
        // the sum must not drift away by rounding
        speed = waiting == 0 ? 0 : Math.max(0, speed - share);
    }

    /** A request has left. */
    void spend(long nowNanos) {
        advance(nowNanos);
        reached = Math.max(0, reached - threshold);
        threshold = 0.5 + random.getAsDouble();
    }

    /** When the next request is due, in the past when it is; {@link PoolQueues#NEVER} when nobody waits. */
    long nextAtNanos(long nowNanos) {
        advance(nowNanos);
        if (waiting == 0 || speed <= 0) {
            return PoolQueues.NEVER;
        }
        double missing = threshold - reached;
        return missing <= ROUNDING ? nowNanos : nowNanos + (long) Math.ceil(Math.min(missing / speed, 1e18));
    }

    private void advance(long nowNanos) {
        long passed = nowNanos - atNanos;
        if (passed > 0) {
            reached = Math.min(threshold + MOST_AHEAD, reached + speed * passed);
            atNanos = nowNanos;
        }
    }
}
