package dev.coxswain.supervisor.simulator;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PriorityQueue;

import org.jspecify.annotations.Nullable;

/**
 * A control plane's jobs, first in first out, each held by at most one runner until its lease ends; keeps the ledger. A
 * lease that ran out is noticed at the next use of the queue, with its exact moment. Guarded by its own monitor (tiny
 * sections), which is taken before the ledger's.
 *
 * @param <P> what a job is about
 */
public final class LeaseQueue<P> {
    /**
     * A lease that was granted.
     *
     * @param id the job
     * @param payload what it is about
     * @param lease the lease's number, counted for each job
     * @param untilNanos its end on the monotonic clock
     */
    public record Grant<P>(String id, P payload, int lease, long untilNanos) {}

    private record Due(String id, long nanos) {}

    private final class Entry {
        final JobKey key;
        final P payload;
        final long dueNanos;
        @Nullable
        String holder;
        int lease;
        long untilNanos;

        Entry(JobKey key, P payload, long dueNanos) {
            this.key = key;
            this.payload = payload;
            this.dueNanos = dueNanos;
        }
    }

    private final String protocol;
    private final SimulatorClock clock;
    private final Ledger ledger;
    private final Map<String, Entry> jobs = new HashMap<>();
    private final Deque<Entry> later = new ArrayDeque<>();
    private final Deque<Entry> ready = new ArrayDeque<>();
    private final PriorityQueue<Due> ends = new PriorityQueue<>((a, b) -> Long.compare(a.nanos(), b.nanos()));

    /** @param protocol the name under which its jobs stand in the ledger */
    public LeaseQueue(String protocol, SimulatorClock clock, Ledger ledger) {
        this.protocol = protocol;
        this.clock = clock;
        this.ledger = ledger;
        ledger.onVerdict(this::sweep);
    }

    /** Adds a job that can be leased from that moment on; jobs are added in the order of their moments. */
    public synchronized void add(String id, P payload, long dueNanos) {
        Entry entry = new Entry(new JobKey(protocol, id), payload, dueNanos);
        ledger.queued(entry.key, dueNanos);
        jobs.put(id, entry);
        later.addLast(entry);
    }

    /** Leases the oldest job that waits; empty when none does. */
    public synchronized Optional<Grant<P>> lease(String holder, Duration length, Call call) {
        sweep();
        Entry entry = ready.pollFirst();
        if (entry == null) {
            return Optional.empty();
        }
        long now = clock.nanos();
        entry.holder = holder;
        entry.untilNanos = now + length.toNanos();
        entry.lease = ledger.leased(entry.key, holder, now, entry.untilNanos, !call.spoiled());
        ends.add(new Due(entry.key.id(), entry.untilNanos));
        return Optional.of(new Grant<>(entry.key.id(), entry.payload, entry.lease, entry.untilNanos));
    }

    /** The lease's number when this runner holds the job; else empty, and the ledger judges the request. */
    public synchronized OptionalInt held(String id, String holder, Call call) {
        Entry entry = held(id, holder, call, null);
        return entry == null ? OptionalInt.empty() : OptionalInt.of(entry.lease);
    }

    /** Renews the lease from now on; empty when this runner does not hold the job. */
    public synchronized Optional<Grant<P>> renew(String id, String holder, Duration length, Call call) {
        Entry entry = held(id, holder, call, null);
        if (entry == null) {
            return Optional.empty();
        }
        entry.untilNanos = clock.nanos() + length.toNanos();
        ends.add(new Due(id, entry.untilNanos));
        ledger.renewed(entry.key, entry.untilNanos);
        return Optional.of(new Grant<>(id, entry.payload, entry.lease, entry.untilNanos));
    }

    /** Ends the job for ever; false when this runner does not hold it. */
    public synchronized boolean settle(String id, String holder, JobEnd end, Call call) {
        Entry entry = held(id, holder, call, end);
        if (entry == null) {
            return false;
        }
        release(entry, end, clock.nanos());
        return true;
    }

    /** Enters that this runner was told that it does not hold the job; for {@link Answer#whenDelivered}. */
    public void told(String id, String holder, long nanos) {
        ledger.noticed(new JobKey(protocol, id), holder, nanos);
    }

    private @Nullable Entry held(String id, String holder, Call call, @Nullable JobEnd report) {
        sweep();
        Entry entry = jobs.get(id);
        if (entry != null && holder.equals(entry.holder)) {
            if (!call.steals()) {
                return entry;
            }
            release(entry, JobEnd.STOLEN, clock.nanos());
        }
        ledger.refused(new JobKey(protocol, id), holder, call.kind(), report, call.arrivedNanos());
        return null;
    }

    private synchronized void sweep() {
        long now = clock.nanos();
        for (Due due = ends.peek(); due != null && due.nanos() <= now; due = ends.peek()) {
            ends.remove();
            Entry entry = jobs.get(due.id());
            // a renewed lease has left its old ends behind
            if (entry != null && entry.holder != null && entry.untilNanos == due.nanos()) {
                release(entry, JobEnd.EXPIRED, entry.untilNanos);
            }
        }
        for (Entry first = later.peekFirst(); first != null && first.dueNanos <= now; first = later.peekFirst()) {
            ready.addLast(later.removeFirst());
        }
    }

    private void release(Entry entry, JobEnd end, long nanos) {
        entry.holder = null;
        ledger.ended(entry.key, end, nanos);
        if (!end.settles()) {
            ready.addLast(entry);
        }
    }
}
