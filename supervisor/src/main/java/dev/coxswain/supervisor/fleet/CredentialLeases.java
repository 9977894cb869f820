package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.Secret;

/**
 * One count of leases for each credential, over all pools that use it (design section 11): a lease request, and the job
 * that it brings, count until they are over. Who comes when the credential is taken waits, and the first of those who wait
 * has the next turn: until it comes, but not longer than {@link #TURN}, since its control plane may be down or its pool
 * without a slot. So two pools with work take turns, and neither keeps the other one from it. Remembers only what is in
 * use. Safe from any thread.
 */
final class CredentialLeases {
    /** How long a turn is kept for the one that waited. */
    static final Duration TURN = Duration.ofSeconds(1);

    private final ConcurrentHashMap<Secret, Use> uses = new ConcurrentHashMap<>();

    /** What came of a claim. */
    sealed interface Claim {
        /** The credential is the claimer's until it is released. */
        record Taken() implements Claim {}

        /** It is in use; the claimer will be told when it has its turn. */
        record Busy() implements Claim {}

        /**
         * It is somebody else's turn until this moment. The claimer may try again then; before, it is told when it has its
         * own turn.
         */
        record NotYet(long untilNanos) implements Claim {}
    }

    private record Waiter(Object who, Runnable whenFree) {}

    /** Guarded by the map: changed within {@code compute} only. */
    private static final class Use {
        int held;
        /** What the last claim said. */
        int most = 1;
        final Deque<Waiter> waiting = new ArrayDeque<>(1);
        @Nullable
        Object turnOf;
        long turnUntilNanos;
    }

    /**
     * Claims the credential for one lease request.
     *
     * @param who waits at most once; an object of its own
     * @param most leases of this credential at once, over all pools that use it; 1 for a protocol of which nobody knows whether
     *        more are allowed
     * @param whenFree called on the thread of whoever releases it, when this one has its turn; hands over and returns
     */
    Claim claim(Secret token, Object who, int most, long nowNanos, Runnable whenFree) {
        Claim[] claim = new Claim[1];
        uses.compute(token, (key, known) -> {
            Use use = known == null ? new Use() : known;
            use.most = most;
            boolean others = use.turnOf != null && !use.turnOf.equals(who) && use.turnUntilNanos - nowNanos > 0;
            if (use.held < most && !others) {
                use.held++;
                use.turnOf = null;
                use.waiting.removeIf(waiter -> waiter.who().equals(who));
                claim[0] = new Claim.Taken();
            } else {
                if (use.waiting.stream().noneMatch(waiter -> waiter.who().equals(who))) {
                    use.waiting.addLast(new Waiter(who, whenFree));
                }
                claim[0] = use.held < most ? new Claim.NotYet(use.turnUntilNanos) : new Claim.Busy();
            }
            return use;
        });
        return claim[0];
    }

    /** Counts a lease that was not claimed: one of a former life. */
    void occupy(Secret token) {
        uses.compute(token, (key, known) -> {
            Use use = known == null ? new Use() : known;
            use.held++;
            return use;
        });
    }

    /** Gives back what was claimed or occupied. */
    void release(Secret token, long nowNanos) {
        Waiter[] next = new Waiter[1];
        uses.computeIfPresent(token, (key, use) -> {
            use.held--;
            next[0] = use.held < use.most ? use.waiting.pollFirst() : null;
            if (next[0] != null) {
                use.turnOf = next[0].who();
                use.turnUntilNanos = nowNanos + TURN.toNanos();
            }
            return use.held == 0 && next[0] == null && use.waiting.isEmpty() ? null : use;
        });
        if (next[0] != null) {
            next[0].whenFree().run();
        }
    }

    /** How many credentials are remembered. */
    int size() {
        return uses.size();
    }
}
