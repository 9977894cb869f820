package dev.coxswain.executors.responses;

import java.util.ArrayDeque;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The bound on model calls at once. First come, first served. A job waits with one call at a time, so the line is as long
 * as there are jobs; a longer one than {@link #LONGEST_LINE} is refused.
 */
final class CallGate {
    /** More jobs than any fleet has slots. */
    static final int LONGEST_LINE = 100_000;

    private final int bound;
    private final ModelMeters meters;
    private final ArrayDeque<Ticket> line = new ArrayDeque<>();
    private int held;

    CallGate(int bound, ModelMeters meters) {
        this.bound = bound;
        this.meters = meters;
    }

    /** Runs {@code work} in its turn. The place is given back at its end, error or cancel. */
    <T> Mono<T> during(Mono<T> work) {
        return Mono.defer(() -> {
            Ticket ticket = new Ticket();
            return ticket.turn().then(work).doOnTerminate(ticket::giveBack).doOnCancel(ticket::giveBack);
        });
    }

    private final class Ticket {
        private final Sinks.Empty<Void> turn = Sinks.empty();
        private boolean holds;
        private boolean over;

        Mono<Void> turn() {
            synchronized (CallGate.this) {
                if (held < bound) {
                    held++;
                    holds = true;
                    return Mono.empty();
                }
                if (line.size() == LONGEST_LINE) {
                    over = true;
                    return Mono.error(new ModelException(CallResult.CANCELLED,
                            "too many jobs wait for the model server"));
                }
                line.add(this);
            }
            meters.queued();
            return turn.asMono();
        }

        void giveBack() {
            Ticket next;
            synchronized (CallGate.this) {
                if (over) {
                    return;
                }
                over = true;
                if (!holds) {
                    line.remove(this);
                    next = null;
                } else {
                    next = line.poll();
                    if (next == null) {
                        held--;
                        return;
                    }
                    next.holds = true;
                }
            }
            meters.unqueued();
            if (next != null) {
                // outside the lock: this runs the next call's first steps. The only other signal is its cancel, which
                // finds the place held and passes it on
                next.turn.tryEmitEmpty().orThrow();
            }
        }
    }
}
