package dev.coxswain.supervisor.fleet;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * The pools of one control plane, and whose turn it is. Looks at every pool, at no runner but the first of each. Not
 * thread-safe.
 */
final class PoolQueues {
    /** No runner waits. */
    static final long NEVER = Long.MAX_VALUE;

    private final Map<String, PoolQueue> pools = new LinkedHashMap<>();
    private final DoubleSupplier random;

    PoolQueues(DoubleSupplier random) {
        this.random = random;
    }

    /** The queue of this pool, made when it is asked for first; it weighs this much from now on. */
    PoolQueue of(String pool, int weight, long nowNanos) {
        PoolQueue queue = pools.computeIfAbsent(pool, name -> new PoolQueue(name, weight, random, nowNanos));
        queue.reweigh(weight);
        return queue;
    }

    void reweigh(String pool, int weight) {
        PoolQueue queue = pools.get(pool);
        if (queue != null) {
            queue.reweigh(weight);
        }
    }

    /** Slots are free again: every pool may try. */
    void unblock() {
        pools.values().forEach(pool -> pool.blocked = false);
    }

    /** So many jobs have come. */
    void arrived(int jobs) {
        pools.values().forEach(pool -> pool.arrived(jobs));
    }

    /** Whether some pool waits for a slot. */
    boolean isAnyBlocked() {
        return pools.values().stream().anyMatch(pool -> pool.blocked);
    }

    /** Takes out all that fit; looks at every runner. */
    List<PollEntry> removeIf(Predicate<PollEntry> which, long nowNanos) {
        List<PollEntry> out = new ArrayList<>();
        pools.values().forEach(pool -> out.addAll(pool.removeIf(which, nowNanos)));
        return out;
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
            if (!pool.blocked && (best == null || pool.served() < best.served())) {
                long at = pool.nextAtNanos(nowNanos);
                if ((at != NEVER && at - nowNanos <= 0) || (probing && pool.mayProbe())) {
                    best = pool;
                }
            }
        }
        if (best != null) {
            double level = best.served();
            pools.values().forEach(pool -> pool.catchUp(level - 1));
        }
        return best;
    }

    /** When the next runner of a pool with slots is due, or {@link #NEVER}. */
    long earliestNanos(long nowNanos) {
        long earliest = NEVER;
        for (PoolQueue pool : pools.values()) {
            long at = pool.blocked ? NEVER : pool.nextAtNanos(nowNanos);
            if (at != NEVER && (earliest == NEVER || at - earliest < 0)) {
                earliest = at;
            }
        }
        return earliest;
    }
}
