package dev.coxswain.supervisor.runner;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.Job;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.http.RetryPolicy;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** The calls of a job before and while it works, repeated while that may help and the lease holds. */
final class Briefings {
    private static final Logger LOG = LoggerFactory.getLogger(Briefings.class);
    private static final RetryPolicy TRIES = RetryPolicy.FOUR_TRIES;

    private final RunnerServices services;
    private final HeldLease held;

    Briefings(RunnerServices services, HeldLease held) {
        this.services = services;
        this.held = held;
    }

    /** The job with all that the control plane tells about it; fails with its exception, or an unusable job's. */
    Mono<Job> job() {
        return held.guarded(Mono.defer(held.lease()::brief)).retryWhen(whileItMayHelp());
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
        return Retry.from(failures -> failures.concatMap(signal -> again(signal.failure(), signal.totalRetries()), 1));
    }

    private Mono<Long> again(Throwable failure, long retry) {
        // garbled: a proxy's page between two answers; both calls may be repeated
        boolean mayHelp = failure instanceof ControlPlaneException.Unavailable
                || failure instanceof ControlPlaneException.RateLimited
                || failure instanceof ControlPlaneException.Garbled;
        if (!mayHelp || retry + 1 >= TRIES.attempts() || !(failure instanceof ControlPlaneException known)) {
            return Mono.error(failure);
        }
        return Mono.delay(TRIES.delay((int) retry, known.retryAfter(), services.random().getAsDouble()),
                services.leaseTimer());
    }
}
