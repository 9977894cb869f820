package dev.coxswain.supervisor.controlplane.shithub;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.Outcome;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Jobs of one runner that came when nobody waited for them any more: kept for the next one who asks, since a claim can't be
 * given back. As many as there were lease requests that were cancelled, so none in the normal course. Safe from any thread.
 */
final class Spares {
    private static final Logger LOG = LoggerFactory.getLogger(Spares.class);

    private final Deque<ShithubLease> left = new ArrayDeque<>(1);

    synchronized void add(ShithubLease lease) {
        LOG.info("a job came that nobody waits for any more, kept for the next slot: job={}", lease.job().key());
        left.addLast(lease);
    }

    /** The oldest whose chain goes on, or null. */
    synchronized @Nullable ShithubLease take() {
        left.removeIf(ShithubLease::isOver);
        return left.pollFirst();
    }

    synchronized List<ShithubLease> all() {
        left.removeIf(ShithubLease::isOver);
        return List.copyOf(left);
    }

    /** One round of cancel checks, which keeps their tokens alive; a cancelled job is ended. Cancelling is safe. */
    Mono<Void> keepAlive() {
        return each(spare -> spare.heartbeat().flatMap(reply -> switch (reply) {
            case HeartbeatReply.Renewed renewed -> Mono.<Void>empty();
            case HeartbeatReply.CancelRequested cancel -> cancel(spare);
            case HeartbeatReply.Lost lost -> Mono.<Void>empty();
        }));
    }

    /** Reports all of them as cancelled: nobody will take them. One that could not be reported is still here. */
    Mono<Void> cancelAll() {
        return each(this::cancel);
    }

    private Mono<Void> each(Function<ShithubLease, Mono<Void>> call) {
        return Flux.defer(() -> Flux.fromIterable(all())).concatMapDelayError(call, false, 1).then();
    }

    private Mono<Void> cancel(ShithubLease spare) {
        return Mono.defer(() -> takeOut(spare)
                ? spare.settle(new Outcome.Fail(Outcome.Cause.CANCELLED, "no slot was free for it"))
                        .doOnTerminate(() -> putBack(spare)).doOnCancel(() -> putBack(spare)).then()
                : Mono.empty());
    }

    private synchronized boolean takeOut(ShithubLease spare) {
        return left.remove(spare);
    }

    private synchronized void putBack(ShithubLease spare) {
        if (!spare.isOver() && !left.contains(spare)) {
            left.addLast(spare);
        }
    }
}
