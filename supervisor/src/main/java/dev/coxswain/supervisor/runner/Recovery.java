package dev.coxswain.supervisor.runner;

import java.time.Duration;
import java.time.Instant;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.http.RetryPolicy;
import dev.coxswain.supervisor.journal.Journal;
import reactor.core.publisher.Mono;

/**
 * Ends one lease of a former life (design section 5.6). A heartbeat goes first: only the control plane knows whether the
 * lease is still ours, and with it comes a term to settle under. An outcome in the journal is sent; a lease without one is
 * failed.
 */
public final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final RetryPolicy PAUSES = new RetryPolicy(Integer.MAX_VALUE, Duration.ofMillis(500),
            Duration.ofSeconds(15));

    private final RunnerServices services;
    private final Credential credential;
    private final Journal.OpenLease open;
    private final JobProgress progress;

    public Recovery(RunnerServices services, Credential credential, Journal.OpenLease open) {
        this.services = services;
        this.credential = credential;
        this.open = open;
        this.progress = new JobProgress(open.lease().key(), open.lease().jobId(), open.lease().controlPlane(),
                services.pool(), open.lease().runner(), open.lease().leasedAt());
        Instant decided = open.decidedAt();
        progress.settlesSince(decided == null ? services.clock().now() : decided);
    }

    /** What may be seen of it from outside; settling from the start. */
    public JobProgress progress() {
        return progress;
    }

    /** Settles it; emits how it ended, after the journal knows. Never fails. Cancelling leaves it to the next start. */
    public Mono<JobEnd> run() {
        return Mono.fromSupplier(
                () -> new HeldLease(services.controlPlane().restore(open.lease(), credential), services.clock()))
                .flatMap(held -> ask(held, services.clock().nanos(), 0)).onErrorResume(this::unreadable)
                .flatMap(this::record);
    }

    private Mono<JobEnd> ask(HeldLease held, long startedAtNanos, int tries) {
        return Mono.defer(() -> held.lease().heartbeat()).timeout(Duration.ofSeconds(10), services.leaseTimer())
                .switchIfEmpty(Mono.error(() -> new ControlPlaneException.Garbled(
                        "heartbeat ended without an answer", null)))
                .onErrorResume(ControlPlaneException.LeaseLost.class,
                        lost -> Mono.just(new HeartbeatReply.Lost(String.valueOf(lost.getMessage()))))
                .flatMap(reply -> switch (reply) {
                    case HeartbeatReply.Renewed(var term) -> settleUnder(held, term);
                    case HeartbeatReply.CancelRequested(var term, var reason) -> settleUnder(held, term);
                    case HeartbeatReply.Lost(var reason) -> Mono.just(gone(reason));
                }).onErrorResume(failure -> again(held, startedAtNanos, tries, failure));
    }

    /** A record that the adapter can't make sense of: there is nobody to ask. */
    private Mono<JobEnd> unreadable(Throwable failure) {
        LOG.error("lease of a former life can't be taken up again: job={}", open.lease().key(), failure);
        return Mono.just(new JobEnd(SettleResult.ABANDONED, "the lease could not be taken up again"));
    }

    private Mono<JobEnd> settleUnder(HeldLease held, LeaseTerm term) {
        held.renew(term);
        Outcome decided = open.outcome();
        Outcome outcome = decided != null
                ? decided
                : new Outcome.Fail(Outcome.Cause.FAILURE, "the runner was restarted while the job ran");
        return new Settlement(services, held, () -> {}).settle(outcome);
    }

    private Mono<JobEnd> again(HeldLease held, long startedAtNanos, int tries, Throwable failure) {
        Duration spent = Duration.ofNanos(services.clock().nanos() - startedAtNanos);
        if (spent.compareTo(Settlement.SETTLE_FOR) >= 0) {
            return Mono.just(new JobEnd(SettleResult.ABANDONED,
                    "the control plane could not be asked about the lease: " + failure.getMessage()));
        }
        Duration asked = failure instanceof ControlPlaneException refused ? refused.retryAfter() : null;
        Duration pause = PAUSES.delay(tries, asked, services.random().getAsDouble());
        LOG.warn("lease of a former life not settled yet, next try in {} ms: job={} {}", pause.toMillis(),
                open.lease().key(), failure.getMessage());
        return Mono.delay(pause, services.leaseTimer()).flatMap(tick -> ask(held, startedAtNanos, tries + 1));
    }

    /** With an outcome on its way when we died, the report may have arrived: nobody here can know. */
    private JobEnd gone(String reason) {
        return open.outcome() == null
                ? new JobEnd(SettleResult.LOST, reason)
                : new JobEnd(SettleResult.UNCLEAR, "reported before the restart, the answer was lost: " + reason);
    }

    private Mono<JobEnd> record(JobEnd end) {
        services.meters().settled(end.result(), Duration.between(open.lease().leasedAt(), services.clock().now()),
                null);
        LOG.info("lease of a former life ended: job={} runner={} result={} {}", open.lease().key(),
                open.lease().runner(), end.result().label(), end.message());
        return services.journal().settled(open.lease().key()).onErrorResume(failure -> {
            LOG.error("end not journaled: job={} {}", open.lease().key(), failure.getMessage());
            return Mono.empty();
        }).then(Mono.fromSupplier(() -> {
            progress.ended(end, services.clock().now());
            return end;
        }));
    }
}
