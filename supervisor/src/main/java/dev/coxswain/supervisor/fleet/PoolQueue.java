package dev.coxswain.supervisor.fleet;

import java.util.Comparator;
import java.util.PriorityQueue;

import org.jspecify.annotations.Nullable;

/**
 * The runners of one pool that wait for their next poll, the earliest first, and how much the pool was served: the pool
 * with the least service by weight goes first. Holds each runner at most once. Not thread-safe.
 */
final class PoolQueue {
    final String pool;
    private final int weight;
    private final PriorityQueue<PollEntry> waiting = new PriorityQueue<>(
            Comparator.comparingLong((PollEntry entry) -> entry.dueNanos));
    private double served;
    boolean blocked;

    PoolQueue(String pool, int weight) {
        this.pool = pool;
        this.weight = weight;
    }

    void add(PollEntry entry) {
        waiting.add(entry);
    }

    @Nullable
    PollEntry peek() {
        return waiting.peek();
    }

    /** Takes the earliest out; only when there is one. */
    PollEntry take() {
        served += 1.0 / weight;
        return waiting.remove();
    }

    /** A pool that was idle must not make up for it with a burst. */
    void catchUp(double level) {
        served = Math.max(served, level);
    }

    double served() {
        return served;
    }

    /** Hurries the earliest runner, since a neighbour was given a job. */
    void warmOne(long nowNanos) {
        PollEntry earliest = waiting.peek();
        if (earliest != null && earliest.mayBeWarmed()) {
            waiting.poll();
            earliest.warmed(nowNanos);
            waiting.add(earliest);
        }
    }
}
