package dev.coxswain.supervisor.runner;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The one place where a job is told to stop, from whatever thread: by a person, a drain, or the end of its lease. A later
 * cancel changes nothing, nor does one after the job's end was decided; the end of the lease overtakes a cancel. Holds at
 * most two signals.
 */
final class Stops {
    private final Sinks.Many<Stop> sink = Sinks.many().replay().limit(2);
    private final Sinks.One<Stop> early = Sinks.one();
    private @Nullable Stop current;
    private boolean opened;
    private boolean decided;

    /** Asks for a stop; returns whether it counts. */
    boolean ask(Stop stop) {
        boolean before;
        synchronized (this) {
            if (current instanceof Stop.LeaseOver || (stop instanceof Stop.Cancel && (decided || current != null))) {
                return false;
            }
            current = stop;
            before = !opened;
            // inside the lock, since two at once would overlap in the sink
            sink.emitNext(stop, Sinks.EmitFailureHandler.FAIL_FAST);
        }
        if (before) {
            early.tryEmitValue(stop);
        }
        return true;
    }

    /** The stop that counts, or null while the job may go on. */
    synchronized @Nullable Stop current() {
        return current;
    }

    /** Says that from now on there is a workspace, whose commands have to be stopped. */
    synchronized void opened() {
        opened = true;
    }

    /** Fixes how the job ends: a cancel that comes later is refused. Returns the stop that counts, or null. */
    synchronized @Nullable Stop decide() {
        decided = true;
        return current;
    }

    /** The stop that came before there was a workspace; else never completes. */
    Mono<Stop> early() {
        return early.asMono();
    }

    /** Every stop that counts, also those of the past; never completes. */
    Flux<Stop> flux() {
        return sink.asFlux();
    }
}
