package dev.coxswain.supervisor.fleet;

/**
 * A hard ceiling on requests per second: no second, wherever it begins, holds more than {@code requestsPerSecond} (rounded
 * up). Without a timer: each request moves the earliest time of the next one by an equal share of a second. From 20 a
 * second on, a hundredth of the budget is set aside to make up for timers that come late, up to 10 ms or one request;
 * that is why a little less than the ceiling is reached. Not thread-safe; times are monotonic nanoseconds.
 */
final class RequestBudget {
    private static final double KEEPS_RESERVE_FROM = 20;

    private double perSecond;
    private double spacingNanos;
    private long savedNanos;
    private long nextAtNanos;

    /**
     * Starts with nothing saved up.
     *
     * @param perSecond requests per second, above 0
     */
    RequestBudget(double perSecond, long nowNanos) {
        this.nextAtNanos = nowNanos;
        retune(perSecond);
    }

    /** From now on another ceiling. */
    void retune(double newPerSecond) {
        perSecond = newPerSecond;
        double reserve = perSecond < KEEPS_RESERVE_FROM ? 0 : Math.ceil(perSecond / 100);
        spacingNanos = Math.ceil(1e9 / (perSecond - reserve));
        savedNanos = (long) (reserve * spacingNanos);
    }

    double perSecond() {
        return perSecond;
    }

    /** When the next request may leave; in the past when it may now. */
    long nextAtNanos() {
        return nextAtNanos;
    }

    boolean allows(long nowNanos) {
        return nextAtNanos - nowNanos <= 0;
    }

    /**
     * Spends one request.
     *
     * @param fraction of the budget to be used now, above 0, at most 1
     */
    void take(long nowNanos, double fraction) {
        long floor = nowNanos - savedNanos;
        nextAtNanos = (nextAtNanos - floor < 0 ? floor : nextAtNanos) + (long) Math.ceil(spacingNanos / fraction);
    }
}
