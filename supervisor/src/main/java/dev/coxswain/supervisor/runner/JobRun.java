package dev.coxswain.supervisor.runner;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.InvalidResultException;
import dev.coxswain.supervisor.controlplane.JobFeed;
import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.StepMark;
import dev.coxswain.supervisor.controlplane.UnusableJobException;
import dev.coxswain.supervisor.http.RetryPolicy;
import dev.coxswain.supervisor.journal.JournalException;
import dev.coxswain.supervisor.logs.JobLog;
import dev.coxswain.supervisor.logs.LogException;
import dev.coxswain.supervisor.upload.UploadException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/**
 * One leased job from its lease to its settled end: the bracket of design section 5. Woken by: events of the workload,
 * heartbeats (renewed, cancel, lost), the fence, a cancel by a person or a drain, and the answers to its reports.
 */
public final class JobRun {
    private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);

    private static final RetryPolicy UNTIL_THE_FENCE = new RetryPolicy(Integer.MAX_VALUE, Duration.ofMillis(500),
            Duration.ofSeconds(15));

    private final RunnerServices services;
    private final Credential credential;
    private final HeldLease held;
    private final Slots.Slot slot;
    private final JobProgress progress;
    private final Stops stops = new Stops();
    private volatile boolean unclaimed;

    JobRun(RunnerServices services, Credential credential, HeldLease held, Slots.Slot slot) {
        this.services = services;
        this.credential = credential;
        this.held = held;
        this.slot = slot;
        this.progress = new JobProgress(held.lease().job().key(), held.lease().job().id(),
                services.controlPlane().name(), services.pool(), credential.runner(), services.clock().now());
    }

    /** What may be seen of it from outside. */
    public JobProgress progress() {
        return progress;
    }

    /**
     * Asks for the job to be stopped and reported; safe from any thread, safe to repeat. False when that changes nothing:
     * it was asked before, or how the job ends is decided already.
     */
    public boolean cancel(Outcome.Cause cause, String reason) {
        return progress.end() == null && stops.ask(new Stop.Cancel(cause, reason));
    }

    /** How long until the lease would be given up, in nanoseconds; negative when it is. */
    public long untilFenceNanos() {
        return held.ended() || held.term().isEndless() ? Long.MAX_VALUE : held.untilFenceNanos();
    }

    /**
     * Runs the job; emits its end when the control plane knows it and the journal too. Never fails. Nobody cancels it in
     * the normal course: a stop is asked for with {@link #cancel}; a cancel of the stream leaves the rest to a restart.
     */
    public Mono<JobEnd> run() {
        long startedAt = services.clock().nanos();
        progress.fencedAt(fenceTime());
        return work().flatMap(this::settle).onErrorResume(this::abandoned).flatMap(this::record)
                .doOnNext(end -> finished(end, startedAt)).doFinally(signal -> slot.release());
    }

    /** A mistake of ours must not cost the runner its life. */
    private Mono<JobEnd> abandoned(Throwable failure) {
        LOG.error("job given up: job={}", progress.key(), failure);
        return Mono.just(new JobEnd(SettleResult.ABANDONED,
                "the runner had an internal error (" + failure.getClass().getSimpleName() + ")"));
    }

    /** The work and the beats that keep the lease meanwhile; the work's verdict ends both. */
    private Mono<Verdict> work() {
        Mono<Verdict> early = stops.early().map(JobRun::verdict);
        Mono<Verdict> work = Mono.defer(this::claimed)
                .then(Mono.firstWithSignal(early, Mono.defer(this::begun).then(Mono.defer(this::execute))))
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("the work ended without a verdict")))
                .onErrorResume(this::brokeDown);
        Flux<Verdict> beats = services.heartbeats().keep(held, Duration.ZERO, services.meters())
                .doOnNext(this::signalled).ignoreElements().cast(Verdict.class).flux();
        // operators ask for the context up to the end of their chain, each time one is put in: the chain is cut here
        return Flux.merge(work.contextWrite(Function.identity()), beats.contextWrite(Function.identity())).next();
    }

    private void signalled(LeaseSignal signal) {
        switch (signal) {
            case LeaseSignal.Renewed() -> progress.fencedAt(fenceTime());
            case LeaseSignal.CancelRequested(var reason) ->
                stops.ask(new Stop.Cancel(Outcome.Cause.CANCELLED, reason));
            case LeaseSignal.Lost(var reason) -> stops.ask(new Stop.LeaseOver(false, reason));
            case LeaseSignal.Fenced(var reason) -> stops.ask(new Stop.LeaseOver(true, reason));
        }
    }

    private Mono<Void> claimed() {
        return staged("journal", services.journal().claimed(new LeaseRecord(progress.key(), progress.controlPlane(),
                progress.pool(), progress.runner(), progress.jobId(), held.lease().handle(), progress.leasedAt())))
                .doOnError(refused -> unclaimed = true);
    }

    /** Nothing is run before the control plane knows; as long as it takes, since the lease's end is the limit. */
    private Mono<Void> begun() {
        return held.guarded(Mono.defer(held.lease()::begin)).retryWhen(UNTIL_THE_FENCE.on(ControlPlaneException.class,
                ControlPlaneException::mayPass, ControlPlaneException::retryAfter, services.leaseTimer(),
                services.random())).doOnNext(term -> {
                    held.renew(term);
                    progress.fencedAt(fenceTime());
                }).then();
    }

    private Mono<Verdict> execute() {
        return Mono.usingWhen(services.logs().open(progress.key(), progress.controlPlane(), services.secrets()),
                log -> {
                    log.addSecret(credential.token());
                    held.lease().secrets().forEach(log::addSecret);
                    return fed(log, Mono.usingWhen(services.executor().open(progress.key()),
                            workspace -> inside(workspace, log),
                            workspace -> quietly("workspace", workspace.close())));
                }, log -> quietly("log", log.end()));
    }

    private Mono<Verdict> fed(JobLog log, Mono<Verdict> work) {
        JobFeed feed = held.lease().feed();
        return feed == null
                ? work
                : new Feeding(services, held, feed, reason -> stops.ask(new Stop.LeaseOver(false, reason)))
                        .beside(log, work.onErrorResume(this::brokeDown)).map(this::stopWins);
    }

    /** What can't be cleaned up is no reason to call a good job bad. */
    private Mono<Void> quietly(String what, Mono<Void> closing) {
        return closing.onErrorResume(failure -> {
            LOG.error("{} not closed: job={}", what, progress.key(), failure);
            return Mono.empty();
        });
    }

    /** The work in its workspace, raced with whatever tells it to stop; a stop that came decides, whoever ends first. */
    private Mono<Verdict> inside(Workspace workspace, JobLog log) {
        stops.opened();
        progress.runsSince(services.clock().now());
        progress.logTo(log);
        Mono<Verdict> work = staged("run", result(workspace, log)).flatMap(result -> conclude(result, workspace, log))
                .onErrorResume(this::brokeDown);
        Mono<Verdict> stopped = stops.flux().switchMap(stop -> workspace.stop(how(stop)).thenReturn(verdict(stop)))
                .next();
        return Mono.firstWithSignal(stopped, work).map(this::stopWins);
    }

    private static Workspace.Stop how(Stop stop) {
        return switch (stop) {
            case Stop.Cancel cancel -> Workspace.Stop.TERM;
            case Stop.LeaseOver over -> Workspace.Stop.KILL;
        };
    }

    private static Verdict verdict(Stop stop) {
        return switch (stop) {
            case Stop.Cancel(var cause, var reason) -> new Verdict.Report(new Outcome.Fail(cause, reason));
            case Stop.LeaseOver(boolean fenced, var reason) -> new Verdict.Over(reason);
        };
    }

    private Verdict stopWins(Verdict verdict) {
        Stop stop = stops.decide();
        return stop == null ? verdict : verdict(stop);
    }

    private Mono<JobResult> result(Workspace workspace, JobLog log) {
        Briefings briefings = new Briefings(services, held);
        return briefings.job().flatMapMany(job -> services.workload().run(job, workspace))
                .concatMap(event -> take(event, log, briefings), 1).next()
                .switchIfEmpty(Mono.just(new JobResult.Failed("the job ended without a result")));
    }

    /** Takes one event in; the log's pace is the job's pace. */
    private Mono<JobResult> take(ExecutionEvent event, JobLog log, Briefings briefings) {
        return switch (event) {
            case ExecutionEvent.Output output -> log.append(output.stream(), output.bytes()).then(Mono.empty());
            case ExecutionEvent.Ended ended -> Mono.just(ended.result());
            case ExecutionEvent.Summarised(var summary) -> briefings.keep(summary).then(Mono.empty());
            case ExecutionEvent.Streamed piece -> held.lease().streamed(piece).then(Mono.empty());
            case ExecutionEvent.SecretLearnt(var text) -> Mono.fromRunnable(() -> log.addSecret(new Secret(text)));
            case ExecutionEvent.StepStarted(var name, var command) ->
                step(new ExecutionEvent.StepStarted(name, log.mask(command)), log);
            case ExecutionEvent.StepEnded(var name, var code, var how) ->
                step(new ExecutionEvent.StepEnded(name, code, how), log);
            case ExecutionEvent.Progress moving -> Mono.empty();
            // stands in the log as well, where the control plane reads it
            case ExecutionEvent.Annotation remark -> Mono.empty();
        };
    }

    private Mono<JobResult> step(ExecutionEvent.Step step, JobLog log) {
        return Mono.fromRunnable(() -> {
            StepMark mark = new StepMark(step, services.clock().now());
            held.lease().stepped(mark);
            log.mark(mark);
        });
    }

    private Mono<Verdict> conclude(JobResult result, Workspace workspace, JobLog log) {
        return switch (result) {
            case JobResult.Succeeded succeeded ->
                staged("upload", new Shipping(services, held, progress).ship(succeeded, workspace))
                        .map(Verdict.Report::new);
            case JobResult.Failed(var message, var left) ->
                keep(left, workspace, new Outcome.Fail(Outcome.Cause.FAILURE, log.mask(message)));
            case JobResult.TimedOut(var message, var left) ->
                keep(left, workspace, new Outcome.Fail(Outcome.Cause.TIMEOUT, log.mask(message)));
        };
    }

    /** What a job left that did not succeed: that it can't be shipped is told too, and is not why the job fails. */
    private Mono<Verdict> keep(JobResult.@Nullable Left left, Workspace workspace, Outcome.Fail end) {
        Mono<Verdict> report = Mono.just(new Verdict.Report(end));
        return left == null
                ? report
                : staged("upload", new Shipping(services, held, progress).keep(left, workspace)).then(report)
                        .onErrorResume(failure -> brokeDown(failure).map(verdict -> unshipped(end, verdict)));
    }

    /** Only a stop is more than what the job itself came to. */
    private static Verdict unshipped(Outcome.Fail end, Verdict verdict) {
        return verdict instanceof Verdict.Report(Outcome.Fail(var cause, var why)) && cause == Outcome.Cause.FAILURE
                ? new Verdict.Report(new Outcome.Fail(end.cause(),
                        end.message() + "; what it left was not uploaded: " + why))
                : verdict;
    }

    /** What went wrong, in words for the job's owner; what is our own fault is logged whole and told in short. */
    private Mono<Verdict> brokeDown(Throwable failure) {
        Stop stop = stops.decide();
        if (stop != null) {
            return Mono.just(verdict(stop));
        }
        return Mono.just(switch (failure) {
            case ControlPlaneException.LeaseLost lost -> {
                held.end();
                yield new Verdict.Over(String.valueOf(lost.getMessage()));
            }
            case ControlPlaneException asked ->
                Verdict.failure("the control plane did not answer the job: " + asked.getMessage());
            case UnusableJobException unusable -> Verdict.failure(String.valueOf(unusable.getMessage()));
            case InvalidResultException invalid -> Verdict.failure("the result is not valid: " + invalid.getMessage());
            case UploadException upload -> Verdict.failure(String.valueOf(upload.getMessage()));
            case WorkspaceException place -> Verdict.failure(String.valueOf(place.getMessage()));
            case LogException log -> Verdict.failure(String.valueOf(log.getMessage()));
            case JournalException journal -> {
                LOG.error("job not started, the journal refuses: job={} {}", progress.key(), journal.getMessage());
                yield Verdict.failure("the runner could not write its journal; the job was not started");
            }
            default -> {
                LOG.error("job broke down: job={}", progress.key(), failure);
                yield Verdict.failure("the runner had an internal error (" + failure.getClass().getSimpleName() + ")");
            }
        });
    }

    private Mono<JobEnd> settle(Verdict verdict) {
        stops.decide();
        progress.settlesSince(services.clock().now());
        return switch (verdict) {
            case Verdict.Report(var outcome) -> {
                Settlement settlement = new Settlement(services, held, slot::release);
                yield staged("settle", unclaimed ? settlement.settleUnjournaled(outcome) : settlement.settle(outcome));
            }
            case Verdict.Over(var reason) -> {
                held.end();
                yield Mono.just(new JobEnd(SettleResult.LOST, reason));
            }
        };
    }

    private Mono<JobEnd> record(JobEnd end) {
        return services.journal().settled(progress.key()).onErrorResume(failure -> {
            // a refused claim was told of already; its end is tried all the same, for a refusal may come after the write
            if (!unclaimed) {
                LOG.error("end not journaled, a restart will ask the control plane again: job={} {}", progress.key(),
                        failure.getMessage());
            }
            return Mono.empty();
        }).thenReturn(end);
    }

    private void finished(JobEnd end, long startedAt) {
        held.end();
        long now = services.clock().nanos();
        Duration took = Duration.ofNanos(now - startedAt);
        services.meters().settled(end.result(), took, held.trace().ended(end.result(), now));
        progress.ended(end, services.clock().now());
        LOG.info("job ended: job={} runner={} result={} seconds={}{}", progress.key(), progress.runner(),
                end.result().label(), took.toMillis() / 1000.0, end.message().isEmpty() ? "" : " " + end.message());
    }

    private <T> Mono<T> staged(String stage, Mono<T> work) {
        return Mono.defer(() -> {
            long from = services.clock().nanos();
            Mono<T> measured = work.doOnSuccess(value -> passed(stage, from, JobTrace.StageEnd.DONE))
                    .doOnError(failure -> passed(stage, from, JobTrace.StageEnd.FAILED));
            return held.trace().equals(JobTrace.OFF)
                    ? measured
                    : measured.doFinally(signal -> {
                        if (signal == SignalType.CANCEL) {
                            held.trace().stage(stage, from, services.clock().nanos(), JobTrace.StageEnd.STOPPED);
                        }
                    });
        });
    }

    private void passed(String stage, long from, JobTrace.StageEnd end) {
        long now = services.clock().nanos();
        services.meters().stage(stage, Duration.ofNanos(now - from), held.trace().stage(stage, from, now, end));
    }

    private @Nullable Instant fenceTime() {
        return held.term().isEndless() ? null : services.clock().now().plusNanos(Math.max(0, held.untilFenceNanos()));
    }
}
