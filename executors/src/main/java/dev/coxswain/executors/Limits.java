package dev.coxswain.executors;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

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

    /** What can be limited. */
    public enum Kind {
        /** {@link Limits#cpuMillis()} */
        CPU,
        /** {@link Limits#memoryBytes()} */
        MEMORY,
        /** {@link Limits#pids()} */
        PIDS
    }

    /** What is limited here. */
    public Set<Kind> kinds() {
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        for (Kind kind : Kind.values()) {
            if (of(kind) > 0) {
                kinds.add(kind);
            }
        }
        return Collections.unmodifiableSet(kinds);
    }

    private long of(Kind kind) {
        return switch (kind) {
            case CPU -> cpuMillis;
            case MEMORY -> memoryBytes;
            case PIDS -> pids;
        };
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
