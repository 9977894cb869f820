package dev.coxswain.supervisor.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;

/**
 * The runners of one pool that wait for their next poll, the earliest first, and how much the pool was served: the pool
 * with the least service by weight goes first. Holds each runner at most once; every change costs O(log n). Not
 * thread-safe.
 */
final class PoolQueue {
    final String pool;
    private final TreeSet<PollEntry> paced = new TreeSet<>(PollEntry.BY_DUE);
    private final TreeSet<PollEntry> timed = new TreeSet<>(PollEntry.BY_DUE);
    private final Pacer pacer;
    private int weight;
    private double served;
    private long arrivals;
    /** Requests that may leave before their time, since there may be more jobs where the last one came from. */
    private int early;
    boolean blocked;

    PoolQueue(String pool, int weight, DoubleSupplier random, long nowNanos) {
        this.pool = pool;
        this.weight = weight;
        this.pacer = new Pacer(random, nowNanos);
    }

    void add(PollEntry entry, long nowNanos) {
        entry.order = arrivals++;
        if (entry.isTimed()) {
            timed.add(entry);
        } else {
            paced.add(entry);
            pacer.add(nowNanos, entry.share());
        }
    }

    /** Takes this one out; false when it does not wait here. */
    boolean remove(PollEntry entry, long nowNanos) {
        if (timed.remove(entry)) {
            return true;
        }
        boolean removed = paced.remove(entry);
        if (removed) {
            pacer.remove(nowNanos, entry.share());
        }
        return removed;
    }

    /** Takes out all that fit; looks at every one. */
    List<PollEntry> removeIf(Predicate<PollEntry> which, long nowNanos) {
        List<PollEntry> out = new ArrayList<>();
        timed.stream().filter(which).forEach(out::add);
        paced.stream().filter(which).forEach(out::add);
        out.forEach(entry -> remove(entry, nowNanos));
        return out;
    }

    /** When the next one may be asked for, in the past when it may; {@link PoolQueues#NEVER} when none waits. */
    long nextAtNanos(long nowNanos) {
        long byClock = timedAtNanos();
        long byPace = pacedAtNanos(nowNanos);
        return byClock == PoolQueues.NEVER
                || (byPace != PoolQueues.NEVER && byPace - byClock < 0) ? byPace : byClock;
    }

    /** Whether one may be asked for before its time, to see whether the control plane is up again. */
    boolean mayProbe() {
        return !paced.isEmpty() || (!timed.isEmpty() && timed.first().mayBeHurried());
    }

    /**
     * Takes the one out whose turn it is; only when {@link #nextAtNanos} has come, or for a probe. Of all that are due
     * the earliest goes, also of those that only wait for the pace, so that nobody is overtaken more than once.
     */
    PollEntry take(long nowNanos) {
        served += 1.0 / weight;
        PollEntry byClock = timed.isEmpty() ? null : timed.first();
        PollEntry byPace = paced.isEmpty() ? null : paced.first();
        boolean clockDue = byClock != null && byClock.dueNanos - nowNanos <= 0;
        boolean paceDue = due(pacedAtNanos(nowNanos), nowNanos);
        if (byClock != null && (byPace == null || (clockDue && PollEntry.BY_DUE.compare(byClock, byPace) < 0)
                || (clockDue && !paceDue && byPace.dueNanos - nowNanos > 0))) {
            timed.remove(byClock);
            byClock.taken(false);
            return byClock;
        }
        if (byPace == null) {
            throw new IllegalStateException("nobody waits in " + pool);
        }
        boolean hurried = early > 0;
        early = Math.max(0, early - 1);
        if (!hurried || due(pacer.nextAtNanos(nowNanos), nowNanos)) {
            pacer.spend(nowNanos);
        }
        paced.remove(byPace);
        pacer.remove(nowNanos, byPace.share());
        byPace.taken(hurried);
        return byPace;
    }

    /**
     * A job came: the next runner is asked for at once, since there may be more; if that was how this one was found,
     * two of them, so that a burst is taken up in a few round trips. The request budget bounds all of it.
     */
    void foundJob(boolean hurried) {
        early = Math.min(paced.size(), hurried ? early + 2 : Math.max(early, 1));
    }

    /** So many jobs have come, it is said. */
    void arrived(int jobs) {
        early = (int) Math.min(paced.size(), (long) early + jobs);
    }

    /** No more jobs for now. */
    void foundNone() {
        early = 0;
    }

    /** A pool that was idle must not make up for it with a burst. */
    void catchUp(double level) {
        served = Math.max(served, level);
    }

    void reweigh(int newWeight) {
        weight = newWeight;
    }

    double served() {
        return served;
    }

    private long timedAtNanos() {
        return timed.isEmpty() ? PoolQueues.NEVER : timed.first().dueNanos;
    }

    private long pacedAtNanos(long nowNanos) {
        if (paced.isEmpty()) {
            return PoolQueues.NEVER;
        }
        PollEntry first = paced.first();
        long byPace = later(pacer.nextAtNanos(nowNanos), first.earliestNanos());
        return early > 0 && first.hurriedNanos() - byPace < 0 ? first.hurriedNanos() : byPace;
    }

    static long later(long one, long other) {
        return one == PoolQueues.NEVER || other == PoolQueues.NEVER
                ? PoolQueues.NEVER
                : one - other > 0 ? one : other;
    }

    private static boolean due(long atNanos, long nowNanos) {
        return atNanos != PoolQueues.NEVER && atNanos - nowNanos <= 0;
    }
}
