package dev.coxswain.supervisor.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * Everything that the simulator saw, and the judgement on it. Reading is for everybody; the writing methods are for the
 * protocols and the object store. All state sits behind two monitors (jobs, requests) that are held for a few memory
 * accesses only, so that an event loop may enter them; no foreign code runs inside.
 *
 * <p>
 * A request is judged by the moment of its arrival, before any injected delay. What began while the lease was alive is
 * no violation, however late it ends.
 */
public final class Ledger {
    private static final int PROGRESS_BUFFER = 1 << 16;

    private final SimulatorClock clock;
    private final RequestBook requests = new RequestBook();
    private final JobBook jobs;
    private final List<Runnable> sweepers = new CopyOnWriteArrayList<>();
    private final Sinks.Many<JobSettled> settled = Sinks.many().multicast().directBestEffort();
    private final Sinks.Many<Long> open = Sinks.many().replay().latest();
    private boolean started;

    /** @param clock the clock of all moments in it */
    public Ledger(SimulatorClock clock) {
        this.clock = clock;
        jobs = new JobBook(requests);
    }

    /**
     * Emits each job that is settled from now on, on a parallel thread. A subscriber that is more than 65,536 jobs
     * behind misses some. Completes when the simulator stops.
     */
    public Flux<JobSettled> settled() {
        return settled.asFlux().onBackpressureBuffer(PROGRESS_BUFFER, missed -> {},
                BufferOverflowStrategy.DROP_OLDEST).publishOn(Schedulers.parallel());
    }

    /**
     * Completes, on a parallel thread, as soon as no job is open; at once when that is so already. Ends in an
     * {@link IllegalStateException} when the simulator stops before. Cancelling is safe.
     */
    public Mono<Void> whenAllSettled() {
        return open.asFlux().filter(count -> count == 0).next()
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("the simulator stopped with jobs open")))
                .publishOn(Schedulers.parallel()).then();
    }

    /** How many jobs are not settled. */
    public long open() {
        return jobs.open();
    }

    /** The judgement as of now on all protocols together. */
    public Verdict verdict() {
        return judge(null);
    }

    /** The judgement as of now on one protocol. */
    public Verdict verdict(String protocol) {
        return judge(protocol);
    }

    /** The newest violations, one JSON text each; a bounded number. */
    public List<String> violations() {
        return requests.violationTexts();
    }

    /** How many requests of this protocol were answered. */
    public long requests(String protocol) {
        return requests.requests(protocol);
    }

    /** How many requests this fault has met. */
    public long faults(Fault fault) {
        return requests.faults(fault);
    }

    /**
     * The ledger as a JSON object: {@code verdict}, {@code protocols}, {@code faults}, {@code violations},
     * {@code requests} (exact counts, and the newest entries), {@code jobs} (history of each).
     *
     * @param maxJobs how many jobs to list at most
     * @param maxRequests how many requests to list at most
     */
    public String toJson(int maxJobs, int maxRequests) {
        return Json.text(toMap(maxJobs, maxRequests));
    }

    Map<String, Object> toMap(int maxJobs, int maxRequests) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("verdict", verdict().toMap());
        Map<String, Object> each = new LinkedHashMap<>();
        for (String protocol : new TreeSet<>(jobs.protocols())) {
            each.put(protocol, verdict(protocol).toMap());
        }
        json.put("protocols", each);
        json.putAll(requests.toMap(maxRequests));
        List<Map<String, Object>> listed = new ArrayList<>();
        int all = jobs.list(maxJobs, listed);
        json.put("jobs", listed);
        json.put("jobsLeftOut", all - listed.size());
        return json;
    }

    /** Has this run before each verdict, to end the leases that ran out unnoticed. */
    public void onVerdict(Runnable sweeper) {
        sweepers.add(sweeper);
    }

    /** Enters a new job. */
    public void queued(JobKey job, long nanos) {
        synchronized (jobs) {
            jobs.queued(job, nanos);
            publishOpen();
        }
    }

    /**
     * Enters a lease.
     *
     * @param holder the credential id
     * @param untilNanos its end unless it is renewed; {@code Long.MAX_VALUE} for none
     * @param heard false when a fault will take the answer
     * @return the lease's number, counted for each job
     */
    public int leased(JobKey job, String holder, long nanos, long untilNanos, boolean heard) {
        return jobs.leased(job, holder, nanos, untilNanos, heard);
    }

    /** Enters the renewal of the job's live lease. */
    public void renewed(JobKey job, long untilNanos) {
        jobs.renewed(job, untilNanos);
    }

    /** Enters the end of the job's live lease; a settling end of a job that is settled already is a violation. */
    public void ended(JobKey job, JobEnd end, long nanos) {
        synchronized (jobs) {
            JobSettled event = jobs.ended(job, end, nanos);
            if (event != null) {
                settled.tryEmitNext(event);
                publishOpen();
            }
        }
    }

    /**
     * Enters and judges a request of a runner that does not hold the job.
     *
     * @param report what it reported, when it is a {@link CallKind#SETTLE}
     * @param arrivedNanos when it arrived
     */
    public void refused(JobKey job, String holder, CallKind kind, @Nullable JobEnd report, long arrivedNanos) {
        jobs.refused(job, holder, kind, report, arrivedNanos);
    }

    /** Enters that the runner was told that it does not hold the job. */
    public void noticed(JobKey job, String holder, long nanos) {
        jobs.noticed(job, holder, nanos);
    }

    /** Enters and judges an upload that begins, by the lease under which its URL was signed. */
    public void put(JobKey job, int lease, long arrivedNanos) {
        jobs.put(job, lease, arrivedNanos);
    }

    /** Enters a broken rule; the detail must hold no secret. */
    public void violation(Violation violation, String protocol, String subject, String detail) {
        requests.violation(violation, protocol, subject, detail, clock.nanos());
    }

    /** Enters a fault. */
    void fault(Fault fault) {
        requests.fault(fault);
    }

    /** From now back, a fault has come near the leases of this runner: that they run out is no violation. */
    void excuse(@Nullable String holder) {
        jobs.excuse(holder, clock.nanos());
    }

    /** A fault, or an operator, came near this lease: that it runs out is no violation. */
    public void excuse(JobKey job, int lease) {
        jobs.excuse(job, lease);
    }

    /** From now back, nobody could reach the simulator: that any lease runs out is no violation. */
    void outage() {
        jobs.outage(clock.nanos());
    }

    /**
     * Enters that every runner died without a word just now, as by {@code kill -9}. Between a grant and the moment in which
     * its runner has written it down, a lease is known to nobody but the control plane, and that it runs out is no violation:
     * a lease of the last two seconds without any heartbeat (the first one is sent at once), one of the last half second, or
     * one granted in the next quarter of a second, to a request of the dead that was still in a socket. Older ones are not
     * excused: the next life must keep them.
     */
    public void runnersDied() {
        jobs.runnersDied(clock.nanos());
    }

    /** Whether {@link #runnersDied()} was entered since then: what was leased before is known to no runner any more. */
    public boolean runnersDiedSince(long nanos) {
        return jobs.diedSince(nanos);
    }

    /** Whether no fault has come near the calls of this runner since then: an answer that was written has been read. */
    public boolean calmSince(String holder, long nanos) {
        return jobs.calmSince(holder, nanos);
    }

    void request(String protocol, RequestEntry entry) {
        requests.add(protocol, entry);
    }

    LeaseCall leaseCallBegins(String protocol, String holder) {
        return requests.leaseCallBegins(protocol, holder);
    }

    /** The answer is about to be written: from here on the client may ask again. Safe to repeat. */
    void leaseCallEnds(LeaseCall call) {
        requests.leaseCallEnds(call);
    }

    /** Another lease request of the token came while this one was in flight for certain. */
    void leaseCallOverlapped(LeaseCall call) {
        violation(Violation.TOKEN_OVERLAP, call.protocol, call.holder,
                "a request while another one was in flight that may be there only alone");
    }

    /** Tells what is open for the first time: from here on nothing open means all settled. */
    void opened() {
        synchronized (jobs) {
            started = true;
            publishOpen();
        }
    }

    void close() {
        synchronized (jobs) {
            settled.tryEmitComplete();
            open.tryEmitComplete();
        }
    }

    /** Emits under the jobs' monitor, which serialises it; what is behind only queues, then leaves to its own thread. */
    private void publishOpen() {
        if (started) {
            open.tryEmitNext(jobs.open());
        }
    }

    private Verdict judge(@Nullable String protocol) {
        sweepers.forEach(Runnable::run);
        return jobs.verdict(protocol, requests.violations(protocol), clock.nanos());
    }
}
