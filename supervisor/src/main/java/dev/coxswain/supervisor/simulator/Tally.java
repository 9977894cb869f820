package dev.coxswain.supervisor.simulator;

import java.util.Map;
import java.util.stream.LongStream;

/** Adds up the histories of jobs into a verdict. */
final class Tally {
    private final LongStream.Builder pickups = LongStream.builder();
    private final LongStream.Builder settles = LongStream.builder();
    private long jobs;
    private long completed;
    private long failed;
    private long cancelled;
    private long queued;
    private long leased;
    private long leases;
    private long unheard;
    private long stolen;
    private long excused;
    private long repeated;

    void add(JobTrace trace, long nowNanos) {
        jobs++;
        leases += trace.leases;
        repeated += trace.repeatedReports;
        if (trace.leases > 0) {
            pickups.add(trace.firstLeaseNanos - trace.queuedNanos);
        }
        for (Attempt attempt : trace.attempts()) {
            unheard += attempt.heard ? 0 : 1;
            stolen += attempt.end == JobEnd.STOLEN ? 1 : 0;
            excused += attempt.end == JobEnd.EXPIRED && attempt.faulted ? 1 : 0;
        }
        JobEnd end = trace.settled;
        if (end == null) {
            Attempt last = trace.last();
            boolean held = last != null && last.end == null && last.untilNanos > nowNanos;
            leased += held ? 1 : 0;
            queued += held ? 0 : 1;
            return;
        }
        settles.add(trace.settleNanos);
        switch (end) {
            case COMPLETED -> completed++;
            case FAILED -> failed++;
            case CANCELLED -> cancelled++;
            case RETURNED, EXPIRED, STOLEN -> throw new IllegalStateException(end + " settles nothing");
        }
    }

    Verdict verdict(Map<Violation, Long> violations) {
        return new Verdict(jobs, completed, failed, cancelled, queued + leased, queued, leased, leases, unheard, stolen,
                excused, repeated, violations, Percentiles.of(pickups.build().toArray()),
                Percentiles.of(settles.build().toArray()));
    }
}
