package dev.coxswain.supervisor.fleet;

/**
 * A hard ceiling on requests per second, without a timer: each request moves the earliest time of the next one by an equal
 * share of a second, and a quiet time saves up at most {@code burst} requests. Not thread-safe; times are monotonic
 * nanoseconds.
 */
final class RequestBudget {
    private final long spacingNanos;
    private final long savedNanos;
    private long nextAtNanos;

    /**
     * Starts with nothing saved up.
     *
     * @param perSecond requests per second, above 0
     * @param burst requests that may follow each other at once after a quiet time, at least 1
     */
    RequestBudget(double perSecond, int burst, long nowNanos) {
        this.spacingNanos = Math.max(1, (long) (1e9 / perSecond));
        this.savedNanos = (burst - 1) * spacingNanos;
        this.nextAtNanos = nowNanos;
    }

    /** When the next request may leave; in the past when it may now. */
    long nextAtNanos() {
        return nextAtNanos;
    }

    boolean allows(long nowNanos) {
        return nextAtNanos - nowNanos <= 0;
    }

    /** Spends one request. */
    void take(long nowNanos) {
        long floor = nowNanos - savedNanos;
        nextAtNanos = (nextAtNanos - floor < 0 ? floor : nextAtNanos) + spacingNanos;
    }
}
