package dev.coxswain.supervisor.fleet;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** The pools of one control plane, and whose turn it is. Not thread-safe. */
final class PoolQueues {
    /** No runner waits. */
    static final long NEVER = Long.MAX_VALUE;

    private final Map<String, PoolQueue> pools = new LinkedHashMap<>();

    /** The queue of this pool, made when it is asked for first. */
    PoolQueue of(String pool, int weight) {
        return pools.computeIfAbsent(pool, name -> new PoolQueue(name, weight));
    }

    /** Slots are free again: every pool may try. */
    void unblock() {
        pools.values().forEach(pool -> pool.blocked = false);
    }

    /**
     * Of the pools with a runner that may be asked for, the one that was served least.
     *
     * @param probing a probe does not wait until a runner is due: else it would come as seldom as an idle runner is asked
     *        for
     */
    @Nullable
    PoolQueue next(long nowNanos, boolean probing) {
        PoolQueue best = null;
        for (PoolQueue pool : pools.values()) {
            PollEntry earliest = pool.peek();
            if (!pool.blocked && earliest != null
                    && (earliest.dueNanos - nowNanos <= 0 || (probing && earliest.mayBeWarmed()))
                    && (best == null || pool.served() < best.served())) {
                best = pool;
            }
        }
        if (best != null) {
            double level = best.served();
            pools.values().forEach(pool -> pool.catchUp(level - 1));
        }
        return best;
    }

    /** When the earliest runner of a pool with slots is due, or {@link #NEVER}. */
    long earliestNanos() {
        long earliest = NEVER;
        for (PoolQueue pool : pools.values()) {
            PollEntry entry = pool.peek();
            if (!pool.blocked && entry != null) {
                earliest = Math.min(earliest, entry.dueNanos);
            }
        }
        return earliest;
    }
}
