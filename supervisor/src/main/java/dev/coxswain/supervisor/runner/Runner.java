package dev.coxswain.supervisor.runner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.controlplane.RateLimit;
import reactor.core.publisher.Mono;

/**
 * One logical runner: an identity at a control plane that asks for one job at a time, and holds one or, where the protocol
 * allows it, several ({@link RunnerServices#slotsPerRunner()}). It keeps no timer and no stream of its own while it is idle,
 * so that 100,000 of them cost little; whoever schedules its polls calls {@link #poll}.
 */
public final class Runner {
    private static final Logger LOG = LoggerFactory.getLogger(Runner.class);
    /**
     * For an adapter that waits for ever: above the 15 s of the others, so that they are the ones to give up, and low enough
     * for a lone runner, whose request may hang since the moment before a recovery, to close the breaker within 30 s of it.
     */
    private static final Duration SLOWEST_ANSWER = Duration.ofSeconds(20);
    private static final Mono<LeaseReply> LATE = Mono.error(() -> new TimeoutException("no answer in time"));

    private volatile Role role;
    private volatile RunnerState state = RunnerState.IDLE;
    private volatile String why = "waiting for its first lease request";
    /** The newest last; replaced as a whole, since nearly always there is one or none. */
    private volatile List<JobRun> jobs = List.of();
    private volatile int emptyPolls;

    public Runner(RunnerServices services, Credential credential) {
        this.role = new Role(services, credential);
    }

    /** Changes what it works with, from its next lease request on; a job that it holds goes on with what it began with. */
    public void adopt(RunnerServices services, Credential credential) {
        role = new Role(services, credential);
    }

    /** What it leases with; a request and its job see one of them, whole. */
    private record Role(RunnerServices services, Credential credential) {}

    /**
     * Asks for a job with a reserved slot. Emits what came of it, never fails. The slot goes with the job; without one
     * it is released here. Nobody cancels this: a lease that is granted at that moment would be lost.
     */
    public Mono<Polled> poll(Slots.Slot slot) {
        return Mono.defer(() -> {
            enter(RunnerState.POLLING, "asking for a job");
            Role now = role;
            RunnerServices services = now.services();
            long sentAt = services.clock().nanos();
            return Mono.defer(() -> services.controlPlane().lease(now.credential()))
                    .timeout(SLOWEST_ANSWER, LATE, services.leaseTimer())
                    .switchIfEmpty(Mono.error(() -> new ControlPlaneException.Garbled(
                            "lease request ended without an answer", null)))
                    .doOnTerminate(() -> {
                        Duration took = Duration.ofNanos(services.clock().nanos() - sentAt);
                        services.meters().leaseDuration().record(took);
                        services.meters().stage("lease", took, null);
                    }).map(reply -> answered(now, reply, slot, sentAt))
                    .onErrorResume(failure -> Mono.just(failed(services, failure, slot)));
        });
    }

    private Polled answered(Role now, LeaseReply reply, Slots.Slot slot, long sentAt) {
        RunnerServices services = now.services();
        return switch (reply) {
            case LeaseReply.NoJob(var pollAfter, var rateLimit) -> {
                services.meters().leaseRequest("no_job").increment();
                // one request at a time, so nobody else writes meanwhile
                int before = emptyPolls;
                emptyPolls = before + 1;
                slot.release();
                enter(RunnerState.IDLE, "the control plane had no job at the last request");
                yield new Polled.NoJob(pollAfter, rateLimit);
            }
            case LeaseReply.Granted(var lease, var rateLimit) -> {
                services.meters().leaseRequest("granted").increment();
                emptyPolls = 0;
                services.meters().leased().increment();
                JobRun run = new JobRun(services, now.credential(),
                        new HeldLease(lease, services.clock(), followed(now, lease, sentAt)), slot);
                hold(run);
                enter(RunnerState.LEASED, "runs a job");
                LOG.info("job leased: job={} runner={} controlPlane={}", run.progress().key(), name(),
                        services.controlPlane().name());
                yield new Polled.Granted(run, rateLimit);
            }
        };
    }

    private static JobTrace followed(Role now, Lease lease, long sentAt) {
        RunnerServices services = now.services();
        JobTrace trace = services.traces().granted(new JobTraces.Leased(lease.job().key(),
                services.controlPlane().name(), services.pool(), now.credential().runner(), services.executorName()),
                sentAt);
        trace.stage("lease", sentAt, services.clock().nanos(), JobTrace.StageEnd.DONE);
        return trace;
    }

    private Polled failed(RunnerServices services, Throwable failure, Slots.Slot slot) {
        slot.release();
        ControlPlaneException known = failure instanceof ControlPlaneException e
                ? e
                : new ControlPlaneException.Unavailable("lease request failed: " + failure, null, failure);
        services.meters().leaseRequest(switch (known) {
            case ControlPlaneException.Unavailable e -> "unavailable";
            case ControlPlaneException.RateLimited e -> "rate_limited";
            case ControlPlaneException.CredentialRefused e -> "refused";
            case ControlPlaneException.Garbled e -> "garbled";
            case ControlPlaneException.Rejected e -> "rejected";
            case ControlPlaneException.LeaseLost e -> "rejected";
        }).increment();
        boolean refused = known instanceof ControlPlaneException.CredentialRefused;
        enter(refused ? RunnerState.QUARANTINED : RunnerState.IDLE, "the last lease request failed: "
                + known.getMessage());
        if (known.getCause() != null) {
            LOG.debug("lease request failed: runner={}", name(), known);
        }
        return new Polled.Failed(known);
    }

    /** Says that this job has ended, and the runner has room again. */
    public synchronized void jobEnded(JobRun ended) {
        jobs = jobs.stream().filter(run -> run != ended).toList();
        if (jobs.isEmpty() && state != RunnerState.POLLING) {
            enter(RunnerState.IDLE, "its last job has ended");
        }
    }

    private synchronized void hold(JobRun run) {
        List<JobRun> more = new ArrayList<>(jobs);
        more.add(run);
        jobs = List.copyOf(more);
    }

    /** Changes what the runner is seen doing. */
    public void enter(RunnerState next, String reason) {
        why = reason;
        state = next;
    }

    /** {@link Credential#runner()}. */
    public String name() {
        return role.credential().runner();
    }

    public Credential credential() {
        return role.credential();
    }

    public RunnerServices services() {
        return role.services();
    }

    /** How many lease requests in a row brought it no job; failed ones neither count nor begin anew. */
    public int emptyPolls() {
        return emptyPolls;
    }

    /** What it is doing; with jobs, what the newest one is doing. */
    public RunnerState state() {
        JobRun run = job();
        return run != null ? run.progress().state() : state;
    }

    /** Why it runs no job, in words; no secret. */
    public String why() {
        return why;
    }

    /** The newest job that it holds, or null. */
    public @Nullable JobRun job() {
        List<JobRun> now = jobs;
        return now.isEmpty() ? null : now.getLast();
    }

    /** The jobs that it holds, the newest last. */
    public List<JobRun> jobs() {
        return jobs;
    }

    /** What came of a lease request. */
    public sealed interface Polled {
        /** No job; the slot is released. */
        record NoJob(@Nullable Duration pollAfter, @Nullable RateLimit rateLimit) implements Polled {}

        /** A job, which whoever polled has to run; the slot goes with it. */
        record Granted(JobRun run, @Nullable RateLimit rateLimit) implements Polled {}

        /** No usable answer; the slot is released. */
        record Failed(ControlPlaneException failure) implements Polled {}
    }
}
