package dev.coxswain.supervisor.runner;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.metrics.FleetMeters;
import dev.coxswain.supervisor.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import reactor.core.Disposable;

/**
 * The host's slots. Nothing is leased without one: a slot is reserved before the lease request, used when a job was
 * granted, and released exactly once. Safe from any thread; the lock is held for a few instructions only.
 */
public final class Slots {
    private final Meters meters;
    private final Map<String, PoolShare> shares = new HashMap<>();
    private final Map<String, Integer> usedByPool = new HashMap<>();
    /** Of every pool there is or was. */
    private final Map<String, Meters.Family<Counter>> denials = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new ArrayList<>();
    private final Admission admission;
    private int total;
    private int used;
    /** Slots that are kept for pools that use fewer than their minimum. */
    private int kept;

    /** Makes slots that only their number limits. */
    public Slots(SlotsConfig config, List<PoolShare> pools, Meters meters) {
        this(config, pools, meters, Admission.ALWAYS);
    }

    /**
     * Makes the slots of this host and their meters.
     *
     * @param pools every pool there is
     * @param admission asked before each reservation that the numbers allow
     */
    public Slots(SlotsConfig config, List<PoolShare> pools, Meters meters, Admission admission) {
        this.admission = admission;
        this.meters = meters;
        take(config, pools);
    }

    /**
     * Another number of slots and other pools, from now on. Nothing is taken away: with more in use than there are, and
     * for a pool that is gone, reservations are denied; what is held is released as always.
     */
    public void reshape(SlotsConfig config, List<PoolShare> pools) {
        take(config, pools);
        tell();
    }

    private void take(SlotsConfig config, List<PoolShare> pools) {
        for (PoolShare share : pools) {
            String pool = share.pool();
            if (denials.putIfAbsent(pool, meters.counters(FleetMeters.SLOT_DENIED, pool)) == null) {
                meters.gauge(FleetMeters.SLOTS, () -> most(pool), pool);
                meters.gauge(FleetMeters.SLOTS_USED, () -> used(pool), pool);
            }
        }
        synchronized (this) {
            total = config.total();
            shares.clear();
            pools.forEach(share -> shares.put(share.pool(), share));
            kept = pools.stream().mapToInt(this::keptFor).sum();
        }
    }

    /**
     * Tells a listener after every release that slots are free again; it is called on the releasing thread and must be
     * quick. Whoever was told first is told last the next time. Disposing ends it; safe to repeat.
     */
    public synchronized Disposable onFreed(Runnable listener) {
        listeners.add(listener);
        return () -> forget(listener);
    }

    /** Says that the host takes jobs again: tells the listeners, as a release does. */
    public void admittedAgain() {
        tell();
    }

    /** Why a reservation of this pool would be denied now, in words; null when it would not. Counts nothing. */
    public synchronized @Nullable String whyDenied(String pool) {
        if (!shares.containsKey(pool)) {
            return "the pool is no longer configured";
        }
        Denial full = full(pool);
        if (full == null) {
            Admission.Refusal refusal = admission.refusal();
            return refusal == null ? null : refusal.words();
        }
        int mine = used(pool);
        return full == Denial.POOL
                ? "the pool has its " + (mine == 1 ? "1 slot" : mine + " slots")
                : used < total
                        ? "the free slots of the host are kept for other pools"
                        : total == 1
                                ? "the only slot of the host is taken"
                                : "all " + total + " slots of the host are taken";
    }

    private synchronized void forget(Runnable listener) {
        listeners.remove(listener);
    }

    /**
     * Reserves a slot for one job of this pool, or says why there is none. Costs the same however many pools there are.
     */
    public Reservation reserve(String pool) {
        Meters.Family<Counter> counters = denials.get(pool);
        if (counters == null) {
            throw new IllegalArgumentException("no pool " + pool);
        }
        Denial denial;
        synchronized (this) {
            denial = denial(pool);
            if (denial == null) {
                count(pool, 1);
                return new Slot(pool);
            }
        }
        counters.of(denial.label()).increment();
        return new Denied(denial);
    }

    /** Slots in use, reserved ones included; more than {@link #total()} when that has shrunk. */
    public synchronized int used() {
        return used;
    }

    /** Slots of one pool in use. */
    public synchronized int used(String pool) {
        return usedByPool.getOrDefault(pool, 0);
    }

    /** All slots of this host. */
    public synchronized int total() {
        return total;
    }

    private synchronized int most(String pool) {
        PoolShare share = shares.get(pool);
        return share == null ? 0 : share.most(total);
    }

    private @Nullable Denial denial(String pool) {
        Denial full = full(pool);
        if (full != null) {
            return full;
        }
        Admission.Refusal refusal = admission.refusal();
        return refusal == null ? null : refusal.reason();
    }

    /** What the numbers say. */
    private @Nullable Denial full(String pool) {
        PoolShare share = shares.get(pool);
        int mine = usedByPool.getOrDefault(pool, 0);
        if (share == null || mine >= share.most(total)) {
            // a pool that may take them all is not what holds itself back
            return share == null || share.most(total) < total ? Denial.POOL : Denial.TOTAL;
        }
        boolean insideOwnShare = mine < share.least();
        int keptForOthers = kept - keptFor(share);
        return used + (insideOwnShare ? 0 : keptForOthers) >= total ? Denial.TOTAL : null;
    }

    private int keptFor(PoolShare share) {
        return Math.max(0, share.least() - usedByPool.getOrDefault(share.pool(), 0));
    }

    private void count(String pool, int change) {
        PoolShare share = shares.get(pool);
        kept -= share == null ? 0 : keptFor(share);
        used += change;
        usedByPool.merge(pool, change, (before, more) -> before + more == 0 ? null : before + more);
        kept += share == null ? 0 : keptFor(share);
    }

    private void release(String pool) {
        synchronized (this) {
            count(pool, -1);
        }
        tell();
    }

    private void tell() {
        List<Runnable> told;
        synchronized (this) {
            told = List.copyOf(listeners);
            Collections.rotate(listeners, -1);
        }
        told.forEach(Runnable::run);
    }

    /** The answer to a reservation. */
    public sealed interface Reservation {}

    /** No slot now. */
    public record Denied(Denial reason) implements Reservation {}

    /** Why there is no slot. */
    public enum Denial {
        /** all slots of the host are taken, or kept for pools that have fewer than their minimum */
        TOTAL,
        /** the pool has as many as it may */
        POOL,
        /** the host is short of memory, or what runs waits for it */
        MEMORY,
        /** the host is short of disk space */
        DISK,
        /** the host is short of inodes */
        INODES,
        /** what runs waits for a core */
        CPU,
        /** what runs waits for a disk */
        IO,
        /** the host's load is too high */
        LOAD,
        /** this process is near its limit of open files */
        OPEN_FILES,
        /** the host or control group is near its limit of processes and threads */
        PIDS;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What a pool may take.
     *
     * @param minSlots slots kept for this pool
     * @param maxSlots most slots of this pool; all when absent
     */
    public record PoolShare(String pool, OptionalInt minSlots, OptionalInt maxSlots) {
        int least() {
            return minSlots.orElse(0);
        }

        int most(int total) {
            return Math.min(total, maxSlots.orElse(total));
        }
    }

    /** Permission to hold one lease. */
    public final class Slot implements Reservation {
        private final String pool;
        private final AtomicBoolean released = new AtomicBoolean();

        private Slot(String pool) {
            this.pool = pool;
        }

        /** Gives it back; safe to repeat. */
        public void release() {
            if (released.compareAndSet(false, true)) {
                Slots.this.release(pool);
            }
        }
    }
}
