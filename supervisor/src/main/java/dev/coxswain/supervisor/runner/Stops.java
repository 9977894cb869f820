package dev.coxswain.supervisor.runner;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * The one place where a job is told to stop, from whatever thread: by a person, a drain, or the end of its lease. A later
 * cancel changes nothing; the end of the lease overtakes a cancel. Holds at most two signals.
 */
final class Stops {
    private final Sinks.Many<Stop> sink = Sinks.many().replay().limit(2);
    private @Nullable Stop current;

    /** Asks for a stop; returns whether it counts. */
    synchronized boolean ask(Stop stop) {
        if (current instanceof Stop.LeaseOver || (current != null && stop instanceof Stop.Cancel)) {
            return false;
        }
        current = stop;
        sink.emitNext(stop, Sinks.EmitFailureHandler.FAIL_FAST);
        return true;
    }

    /** The stop that counts, or null while the job may go on. */
    synchronized @Nullable Stop current() {
        return current;
    }

    /** Every stop that counts, also those of the past; never completes. */
    Flux<Stop> flux() {
        return sink.asFlux();
    }
}
