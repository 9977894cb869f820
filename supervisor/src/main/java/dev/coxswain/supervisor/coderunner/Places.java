package dev.coxswain.supervisor.coderunner;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/** Counts what waits and what each tenant has going. Guarded by the lock of {@link LiveExecutions}. */
final class Places {
    private final int mostWaiting;
    private final int mostOfTenant;
    private final Map<UUID, Integer> tenants = new HashMap<>();
    private final Deque<LiveExecution> waiting = new ArrayDeque<>();

    Places(CoderunnerLimits limits) {
        this.mostWaiting = limits.waiting();
        this.mostOfTenant = limits.executions();
    }

    /** Takes a place for it, or refuses. */
    void reserve(LiveExecution live, boolean mayBeRefused) {
        if (mayBeRefused && waiting.size() >= mostWaiting) {
            throw Refusal.unavailable(mostWaiting + " executions wait already", 1);
        }
        if (mayBeRefused && tenants.getOrDefault(live.tenant(), 0) >= mostOfTenant) {
            throw Refusal.tooMany("this workspace has " + mostOfTenant + " executions going already", 1);
        }
        count(live, 1);
    }

    void release(LiveExecution live) {
        count(live, -1);
    }

    private void count(LiveExecution live, int change) {
        if (live.counts()) {
            tenants.merge(live.tenant(), change, (now, more) -> now + more == 0 ? null : now + more);
        }
    }

    void queue(LiveExecution live) {
        waiting.addLast(live);
    }

    @Nullable
    LiveExecution next() {
        return waiting.pollFirst();
    }

    void remove(LiveExecution live) {
        waiting.remove(live);
    }

    int waiting() {
        return waiting.size();
    }
}
