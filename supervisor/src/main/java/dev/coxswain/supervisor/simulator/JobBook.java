package dev.coxswain.supervisor.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * The history of all jobs and the rules that judge it. Guarded by its own monitor, which is taken before the one of
 * {@link RequestBook}, never after it.
 */
final class JobBook {
    /** A runner that was told of a stolen lease may still have requests on the way. */
    private static final long NOTICE_GRACE_NANOS = Duration.ofSeconds(2).toNanos();

    /**
     * From the grant until the runner's claim is on its disk, even when its first heartbeat is out already: the answer
     * over loopback, then one write with a sync that may wait behind another one. A busy disk takes 100 ms for a sync.
     */
    private static final long UNWRITTEN_NANOS = Duration.ofMillis(500).toNanos();
    /**
     * From the grant until the first heartbeat, which is sent at once: two ways over loopback and a connection that is
     * made for it, in a JVM whose code is cold, on a host whose cores are all taken by starting processes.
     */
    private static final long UNREAD_NANOS = Duration.ofSeconds(2).toNanos();
    /**
     * A lease request of the dead that was still in a socket: the simulator's event loop reads it as soon as it has a
     * core; nothing else is in its way.
     */
    private static final long IN_SOCKET_NANOS = Duration.ofMillis(250).toNanos();

    private final RequestBook requests;
    private final Map<JobKey, JobTrace> traces = new LinkedHashMap<>();
    private final Map<String, Long> lastFault = new HashMap<>();
    private long lastOutageNanos = -1;
    private long lastDeathNanos = -1;
    private long settledJobs;

    JobBook(RequestBook requests) {
        this.requests = requests;
    }

    synchronized long open() {
        return traces.size() - settledJobs;
    }

    synchronized Set<String> protocols() {
        Set<String> names = new TreeSet<>();
        traces.keySet().forEach(key -> names.add(key.protocol()));
        return names;
    }

    synchronized void queued(JobKey job, long nanos) {
        if (traces.putIfAbsent(job, new JobTrace(job, nanos)) != null) {
            throw new IllegalStateException("there is a job " + job + " already");
        }
    }

    synchronized int leased(JobKey job, String holder, long nanos, long untilNanos, boolean heard) {
        Attempt attempt = trace(job).lease(holder, nanos, untilNanos, heard);
        attempt.faulted = nanos - lastDeathNanos <= IN_SOCKET_NANOS && lastDeathNanos > 0;
        return attempt.number;
    }

    synchronized void renewed(JobKey job, long untilNanos) {
        Attempt attempt = trace(job).last();
        if (attempt != null && attempt.end == null) {
            attempt.untilNanos = untilNanos;
            attempt.heartbeats++;
        }
    }

    synchronized @Nullable JobSettled ended(JobKey job, JobEnd end, long nanos) {
        JobTrace trace = trace(job);
        Attempt attempt = trace.last();
        if (attempt != null && attempt.end == null) {
            attempt.end(end, nanos);
            if (end == JobEnd.EXPIRED && !excused(attempt)) {
                violation(Violation.LEASE_LOST, job, "lease " + attempt.number + " of " + attempt.holder
                        + " ran out, and no fault had come near it", nanos);
            }
        }
        if (!end.settles()) {
            return null;
        }
        if (trace.settled != null) {
            violation(Violation.SETTLED_TWICE, job, "first " + trace.settled.label() + ", then " + end.label(), nanos);
            return null;
        }
        trace.settled = end;
        trace.settledNanos = nanos;
        trace.settleNanos = attempt == null ? 0 : nanos - attempt.grantedNanos;
        settledJobs++;
        Duration pickup = trace.leases == 0
                ? Duration.ZERO
                : Duration.ofNanos(trace.firstLeaseNanos - trace.queuedNanos);
        return new JobSettled(job, end, attempt == null ? "" : attempt.holder, pickup,
                Duration.ofNanos(trace.settleNanos), settledJobs, traces.size());
    }

    synchronized void refused(JobKey job, String holder, CallKind kind, @Nullable JobEnd report, long arrivedNanos) {
        JobTrace trace = traces.get(job);
        if (trace == null) {
            return;
        }
        Attempt attempt = trace.lastOf(holder);
        if (attempt == null) {
            if (kind.writes()) {
                violation(Violation.WRITE_AFTER_LEASE_END, job, kind.label() + " by " + holder
                        + ", which never held the job", arrivedNanos);
            }
            return;
        }
        judge(trace, attempt, kind, report, arrivedNanos);
    }

    synchronized void put(JobKey job, int lease, long arrivedNanos) {
        JobTrace trace = traces.get(job);
        Attempt attempt = trace == null ? null : trace.numbered(lease);
        if (trace != null && attempt != null) {
            judge(trace, attempt, CallKind.PUT, null, arrivedNanos);
        }
    }

    private void judge(JobTrace trace, Attempt attempt, CallKind kind, @Nullable JobEnd report, long arrived) {
        JobEnd end = attempt.endAt(arrived);
        if (end == null) {
            return;
        }
        String who = kind.label() + " by " + attempt.holder + " under lease " + attempt.number + ", which ended as "
                + end.label();
        boolean told = attempt.noticeNanos != Attempt.NEVER && arrived > attempt.noticeNanos + NOTICE_GRACE_NANOS;
        // a cancel is no report: whoever has not heard of it yet reports its own end in good faith
        if (end.settles() && end != JobEnd.CANCELLED && report != null) {
            if (end == report) {
                trace.repeatedReports++;
            } else {
                violation(Violation.OPPOSITE_REPORT, trace.key, report.label() + " sent: " + who, arrived);
            }
            return;
        }
        // a stolen lease, or a job that the control plane cancelled, is news that the runner must hear first
        boolean knows = told || (end != JobEnd.STOLEN && end != JobEnd.CANCELLED);
        if (kind.writes() && knows) {
            violation(Violation.WRITE_AFTER_LEASE_END, trace.key, who, arrived);
        }
        // one late heartbeat is how a runner learns that it is late
        if ((kind.writes() ? knows : told) && trace.takenOver(attempt, arrived)) {
            violation(Violation.RUN_TWICE, trace.key, who + "; another runner holds the job", arrived);
        }
    }

    synchronized void noticed(JobKey job, String holder, long nanos) {
        JobTrace trace = traces.get(job);
        Attempt attempt = trace == null ? null : trace.lastOf(holder);
        if (attempt != null && attempt.end != null) {
            attempt.noticeNanos = Math.min(attempt.noticeNanos, nanos);
        }
    }

    synchronized void excuse(@Nullable String holder, long nanos) {
        if (holder != null) {
            lastFault.put(holder, nanos);
        }
    }

    synchronized void excuse(JobKey job, int lease) {
        JobTrace trace = traces.get(job);
        Attempt attempt = trace == null ? null : trace.numbered(lease);
        if (attempt != null) {
            attempt.faulted = true;
        }
    }

    synchronized void outage(long nanos) {
        lastOutageNanos = nanos;
    }

    synchronized void runnersDied(long nanos) {
        lastDeathNanos = nanos;
        for (JobTrace trace : traces.values()) {
            Attempt attempt = trace.last();
            if (attempt != null && attempt.end == null) {
                long unknown = attempt.heartbeats == 0 ? UNREAD_NANOS : UNWRITTEN_NANOS;
                attempt.faulted |= nanos - attempt.grantedNanos <= unknown;
            }
        }
    }

    synchronized boolean diedSince(long nanos) {
        return lastDeathNanos >= nanos;
    }

    synchronized boolean calmSince(String holder, long nanos) {
        return Math.max(lastFault.getOrDefault(holder, -1L), lastOutageNanos) < nanos;
    }

    private boolean excused(Attempt attempt) {
        long fault = Math.max(lastFault.getOrDefault(attempt.holder, -1L), lastOutageNanos);
        attempt.faulted |= !attempt.heard || fault >= attempt.grantedNanos;
        return attempt.faulted;
    }

    synchronized Verdict verdict(@Nullable String protocol, Map<Violation, Long> violations, long nowNanos) {
        Tally tally = new Tally();
        for (JobTrace trace : traces.values()) {
            if (protocol == null || protocol.equals(trace.key.protocol())) {
                tally.add(trace, nowNanos);
            }
        }
        return tally.verdict(violations);
    }

    /** Adds up to {@code max} jobs to the list, and tells how many there are. */
    synchronized int list(int max, List<Map<String, Object>> into) {
        for (JobTrace trace : traces.values()) {
            if (into.size() >= max) {
                break;
            }
            into.add(entry(trace));
        }
        return traces.size();
    }

    private static Map<String, Object> entry(JobTrace trace) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("protocol", trace.key.protocol());
        json.put("id", trace.key.id());
        Attempt last = trace.last();
        JobEnd settled = trace.settled;
        json.put("state", settled != null ? settled.label() : last != null && last.end == null ? "leased" : "queued");
        json.put("queuedMillis", trace.queuedNanos / 1_000_000);
        json.put("leases", trace.leases);
        json.put("repeatedReports", trace.repeatedReports);
        List<Map<String, Object>> attempts = new ArrayList<>();
        trace.attempts().forEach(attempt -> attempts.add(entry(attempt)));
        json.put("history", attempts);
        return json;
    }

    private static Map<String, Object> entry(Attempt attempt) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("lease", attempt.number);
        json.put("runner", attempt.holder);
        json.put("heard", attempt.heard);
        json.put("leasedMillis", attempt.grantedNanos / 1_000_000);
        if (attempt.untilNanos != Attempt.NEVER) {
            json.put("untilMillis", attempt.untilNanos / 1_000_000);
        }
        json.put("heartbeats", attempt.heartbeats);
        JobEnd end = attempt.end;
        if (end != null) {
            json.put("end", end.label());
            json.put("endedMillis", attempt.endNanos / 1_000_000);
        }
        return json;
    }

    private void violation(Violation violation, JobKey job, String detail, long nanos) {
        requests.violation(violation, job.protocol(), job.toString(), detail, nanos);
    }

    private JobTrace trace(JobKey job) {
        JobTrace trace = traces.get(job);
        if (trace == null) {
            throw new IllegalStateException("no job " + job + " was queued");
        }
        return trace;
    }
}
