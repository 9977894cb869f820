package dev.coxswain.supervisor.runner;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.SettleReply;
import dev.coxswain.supervisor.http.RetryPolicy;
import reactor.core.publisher.Mono;

/**
 * The one end of a lease (design sections 5.5 and 11): the outcome is journaled, then sent until it is acknowledged,
 * refused, fenced, or {@link #SETTLE_FOR} is over. Beats go on between two tries and never during one, so that the answer
 * to a beat can't be mistaken for the fate of the report. After a try whose answer was lost, the opposite is never sent.
 */
final class Settlement {
    /** How long a report is repeated. */
    static final Duration SETTLE_FOR = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);
    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(1);
    private static final RetryPolicy PAUSES = new RetryPolicy(Integer.MAX_VALUE, Duration.ofMillis(500),
            Duration.ofSeconds(15));

    private static final Mono<SettleReply> LATE = Mono.error(() -> new TimeoutException("no answer in time"));

    private final RunnerServices services;
    private final HeldLease held;
    private final Runnable onRepeat;
    private final long startedAtNanos;
    private int tries;
    private boolean unclear;

    /**
     * Makes the settlement of one lease; used once.
     *
     * @param onRepeat called when the first try was not answered: the host's slot is not needed any more
     */
    Settlement(RunnerServices services, HeldLease held, Runnable onRepeat) {
        this.services = services;
        this.held = held;
        this.onRepeat = onRepeat;
        this.startedAtNanos = services.clock().nanos();
    }

    /** Journals and sends the outcome; emits how the lease ended. Never fails. Cancelling leaves it to a restart. */
    Mono<JobEnd> settle(Outcome outcome) {
        return journal(outcome).then(attempt(outcome));
    }

    /** The same for a lease that the journal did not take: it would refuse the outcome, and nothing could replay it. */
    Mono<JobEnd> settleUnjournaled(Outcome outcome) {
        return attempt(outcome);
    }

    /** A journal that refuses must not keep a finished job from its owner: the claim in it is enough to be safe. */
    private Mono<Void> journal(Outcome outcome) {
        return services.journal().outcome(key(), outcome).onErrorResume(failure -> {
            LOG.error("outcome not journaled, sent all the same: job={} {}", key(), failure.getMessage());
            return Mono.empty();
        });
    }

    private Mono<JobEnd> attempt(Outcome outcome) {
        return Mono.defer(() -> {
            tries++;
            return held.guarded(held.lease().settle(outcome)).timeout(patience(outcome), LATE, services.leaseTimer());
        }).flatMap(reply -> answered(outcome, reply)).onErrorResume(failure -> unanswered(outcome, failure));
    }

    /** A report that hangs must leave time for a beat before the fence, since none is sent meanwhile. */
    private Duration patience(Outcome outcome) {
        Duration half = held.untilFence().dividedBy(2);
        Duration limit = held.lease().reportTimeout(outcome);
        Duration most = half.compareTo(limit) < 0 ? half : limit;
        return most.compareTo(LEAST_PATIENCE) < 0 ? LEAST_PATIENCE : most;
    }

    private Mono<JobEnd> answered(Outcome outcome, SettleReply reply) {
        return switch (reply) {
            case SettleReply.Acknowledged() -> Mono.just(acknowledged(outcome));
            case SettleReply.Gone(var reason) -> Mono.just(gone(reason));
            case SettleReply.Refused(var reason) -> refused(outcome, reason);
        };
    }

    private static JobEnd acknowledged(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Complete complete -> new JobEnd(SettleResult.SUCCESS, "");
            case Outcome.Fail(var cause, var message) -> new JobEnd(switch (cause) {
                case FAILURE -> SettleResult.FAILURE;
                case CANCELLED -> SettleResult.CANCELLED;
                case TIMEOUT -> SettleResult.TIMEOUT;
            }, message);
        };
    }

    private JobEnd gone(String reason) {
        held.end();
        return unclear
                ? new JobEnd(SettleResult.UNCLEAR, "the answer to the report was lost: " + reason)
                : new JobEnd(SettleResult.LOST, reason);
    }

    /** A refused complete becomes a fail with the server's words, unless an earlier try may have been taken. */
    private Mono<JobEnd> refused(Outcome outcome, String reason) {
        if (unclear) {
            return Mono.just(gone(reason));
        }
        return switch (outcome) {
            case Outcome.Complete complete -> {
                LOG.warn("complete refused, reporting a failure: job={} {}", key(), reason);
                yield settle(
                        new Outcome.Fail(Outcome.Cause.FAILURE, "the control plane refused the result: " + reason));
            }
            case Outcome.Fail fail -> {
                LOG.warn("fail refused: job={} {}", key(), reason);
                held.end();
                yield Mono.just(new JobEnd(SettleResult.ABANDONED, "the control plane refused the report: " + reason));
            }
        };
    }

    private Mono<JobEnd> unanswered(Outcome outcome, Throwable failure) {
        if (failure instanceof ControlPlaneException.LeaseLost) {
            held.end();
            return Mono.just(gaveUp(String.valueOf(failure.getMessage())));
        }
        boolean refusedCredential = failure instanceof ControlPlaneException.CredentialRefused;
        boolean definite = refusedCredential || failure instanceof ControlPlaneException.RateLimited;
        unclear |= !definite;
        Duration spent = Duration.ofNanos(services.clock().nanos() - startedAtNanos);
        if (spent.compareTo(SETTLE_FOR) >= 0) {
            return Mono.just(gaveUp("not acknowledged within " + SETTLE_FOR.toMinutes() + " minutes"));
        }
        onRepeat.run();
        Duration asked = failure instanceof ControlPlaneException refused ? refused.retryAfter() : null;
        Duration pause = PAUSES.delay(tries - 1, asked, services.random().getAsDouble());
        LOG.warn("report not acknowledged, try {} in {} ms: job={} {}", tries + 1, pause.toMillis(), key(),
                failure.getMessage());
        return keepFor(pause).switchIfEmpty(Mono.defer(() -> attempt(outcome)));
    }

    /** Keeps the lease during a pause; empty when it still holds at its end. */
    private Mono<JobEnd> keepFor(Duration pause) {
        return services.heartbeats().keep(held, pause.dividedBy(2), services.meters())
                .takeUntilOther(Mono.delay(pause, services.leaseTimer())).flatMap(signal -> switch (signal) {
                    case LeaseSignal.Renewed() -> Mono.<JobEnd>empty();
                    case LeaseSignal.CancelRequested cancel -> Mono.<JobEnd>empty();
                    case LeaseSignal.Lost(var reason) -> Mono.just(gaveUp(reason));
                    case LeaseSignal.Fenced(var reason) -> Mono.just(gaveUp(reason));
                }).next();
    }

    /** Nothing more is sent. If an answer was lost before, nobody here knows what became of that report. */
    private JobEnd gaveUp(String reason) {
        return unclear
                ? new JobEnd(SettleResult.UNCLEAR, "the answer to the report was lost: " + reason)
                : new JobEnd(SettleResult.LOST, reason);
    }

    private String key() {
        return held.lease().job().key();
    }
}
