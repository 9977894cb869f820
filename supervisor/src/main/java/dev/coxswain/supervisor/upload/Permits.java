package dev.coxswain.supervisor.upload;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The bound on transfers at once in this JVM. First come, first served; a job has at most {@code perJob} in the line, so
 * no job holds the others up by its number of artifacts, and the line is as long as jobs times {@code perJob}.
 */
final class Permits {
    private int bound;
    private final ArrayDeque<Ticket> line = new ArrayDeque<>();
    private int held;

    Permits(int bound) {
        this.bound = bound;
    }

    /** Runs {@code work} while a permit is held; waits for one first. Given back at its end, error or cancel. */
    <T> Flux<T> during(Flux<T> work) {
        return Flux.defer(() -> {
            Ticket ticket = new Ticket();
            // not doFinally: whoever sees the end finds the permit given back
            return ticket.granted().thenMany(work).doOnTerminate(ticket::giveBack).doOnCancel(ticket::giveBack);
        });
    }

    /** Changes the bound: more are let in at once, or fewer as those that hold a permit end. */
    void rebound(int newBound) {
        List<Ticket> admitted = new ArrayList<>();
        synchronized (this) {
            bound = newBound;
            Ticket next;
            while (held < bound && (next = line.poll()) != null) {
                held++;
                next.holds = true;
                admitted.add(next);
            }
        }
        admitted.forEach(ticket -> ticket.grant.tryEmitEmpty().orThrow());
    }

    synchronized int held() {
        return held;
    }

    synchronized int waiting() {
        return line.size();
    }

    private final class Ticket {
        private final Sinks.Empty<Void> grant = Sinks.empty();
        private boolean holds;
        private boolean over;

        Mono<Void> granted() {
            synchronized (Permits.this) {
                if (held < bound) {
                    held++;
                    holds = true;
                    return Mono.empty();
                }
                line.add(this);
            }
            return grant.asMono();
        }

        void giveBack() {
            Ticket next;
            synchronized (Permits.this) {
                if (over) {
                    return;
                }
                over = true;
                if (!holds) {
                    line.remove(this);
                    return;
                }
                next = held > bound ? null : line.poll();
                if (next == null) {
                    held--;
                    return;
                }
                next.holds = true;
            }
            // outside the lock: this runs the next transfer's first steps. The only other signal is its cancel, which
            // finds the permit held and passes it on
            next.grant.tryEmitEmpty().orThrow();
        }
    }
}
