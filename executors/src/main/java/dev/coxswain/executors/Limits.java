package dev.coxswain.executors;

/**
 * What may be taken of a host, at most.
 *
 * @param cpuMillis thousandths of a core; 0 for no limit
 * @param memoryBytes 0 for no limit
 * @param pids processes and threads; 0 for no limit
 */
public record Limits(long cpuMillis, long memoryBytes, long pids) {
    /** Anything. */
    public static final Limits NONE = new Limits(0, 0, 0);

    /** Whether there is no limit at all. */
    public boolean isNone() {
        return equals(NONE);
    }

    /** What both allow. */
    public Limits and(Limits other) {
        return new Limits(least(cpuMillis, other.cpuMillis), least(memoryBytes, other.memoryBytes),
                least(pids, other.pids));
    }

    private static long least(long one, long other) {
        return one == 0 || other == 0 ? Math.max(one, other) : Math.min(one, other);
    }
}
