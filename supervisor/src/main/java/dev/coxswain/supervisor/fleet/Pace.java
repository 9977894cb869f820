package dev.coxswain.supervisor.fleet;

/**
 * Which fraction of the request budget is used (additive increase, multiplicative decrease): begins with a tenth and
 * grows by a tenth a second up to the whole; 429, 5xx and time-outs halve it, once for all requests that were in flight
 * together. A small budget is never cut below one request in two seconds, so that an end of the trouble is seen.
 * Changed on one thread, read from any; times are monotonic nanoseconds.
 */
final class Pace {
    private static final double FIRST = 0.1;
    private static final double LEAST = 0.02;
    private static final double GROWTH_A_NANO = 0.1 / 1e9;
    private static final double CUT = 0.5;
    private static final double FIRST_PER_SECOND = 1;
    private static final double LEAST_PER_SECOND = 0.5;

    private volatile Level level;
    private double least;

    /** @param perSecond the whole budget */
    Pace(double perSecond, long nowNanos) {
        this.level = new Level(Math.max(FIRST, Math.min(1, FIRST_PER_SECOND / perSecond)), nowNanos, nowNanos);
        retune(perSecond);
    }

    private record Level(double fraction, long atNanos, long cutNanos) {}

    /** From now on another budget; the fraction stays. */
    final void retune(double perSecond) {
        least = Math.max(LEAST, Math.min(1, LEAST_PER_SECOND / perSecond));
    }

    /** The fraction to be used now, above 0, at most 1. */
    double fraction(long nowNanos) {
        Level now = level;
        return Math.min(1, now.fraction + Math.max(0, nowNanos - now.atNanos) * GROWTH_A_NANO);
    }

    /**
     * A request met trouble.
     *
     * @param sentNanos when it left: one that left before the last cut says nothing about the rate since
     */
    void cut(long nowNanos, long sentNanos) {
        if (sentNanos - level.cutNanos >= 0) {
            level = new Level(Math.max(least, fraction(nowNanos) * CUT), nowNanos, nowNanos);
        }
    }
}
