package dev.coxswain.supervisor.runner;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.Job;
import dev.coxswain.executors.JobAccess;
import dev.coxswain.executors.SourceAccess;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.http.RetryPolicy;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** The calls of a job before and while it works, repeated while that may help and the lease holds. */
final class Briefings implements JobAccess {
    private static final Logger LOG = LoggerFactory.getLogger(Briefings.class);

    private final RunnerServices services;
    private final HeldLease held;

    Briefings(RunnerServices services, HeldLease held) {
        this.services = services;
        this.held = held;
    }

    /** The job with all that the control plane tells about it; fails with its exception, or an unusable job's. */
    Mono<Job> job() {
        return held.guarded(Mono.defer(held.lease()::brief)).retryWhen(whileItMayHelp()).map(job -> job.with(this));
    }

    @Override
    public @Nullable SourceAccess sources() {
        return held.lease().sources();
    }

    @Override
    public Mono<byte[]> signing(Platform platform) {
        return held.guarded(Mono.defer(() -> held.lease().signing(platform))).retryWhen(whileItMayHelp());
    }

    /** Tells a summary. Only a lost lease is an error: the summary itself is at hand, and the job goes on with it. */
    Mono<Void> keep(String summary) {
        return held.guarded(Mono.defer(() -> held.lease().keepSummary(summary))).retryWhen(whileItMayHelp())
                .onErrorResume(failure -> !(failure instanceof ControlPlaneException.LeaseLost), failure -> {
                    LOG.warn("summary not kept by the control plane, the job goes on: job={} {}",
                            held.lease().job().key(), failure.getMessage());
                    return Mono.empty();
                });
    }

    private Retry whileItMayHelp() {
        return (held.lease().isPatient() ? RetryPolicy.FOUR_TRIES.patient() : RetryPolicy.FOUR_TRIES).on(
                ControlPlaneException.class, ControlPlaneException::mayPass,
                ControlPlaneException::retryAfter, services.leaseTimer(), services.random());
    }
}
