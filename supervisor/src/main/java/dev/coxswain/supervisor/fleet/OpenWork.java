package dev.coxswain.supervisor.fleet;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Counts what a drain has to wait for: lease requests in flight, jobs, and leases of a former life. A granted request's
 * count goes on as its job's, so that there is no moment in which a job is not counted; and nothing gets in any more once
 * it is shut, so that a count of zero is the end. Safe from any thread.
 */
final class OpenWork {
    private final Sinks.Empty<Void> none = Sinks.empty();
    private int open;
    private boolean shut;

    /** Counts one more; false, and nothing is counted, when it is shut: then nothing may begin. */
    synchronized boolean enter() {
        if (!shut) {
            open++;
        }
        return !shut;
    }

    /** One that got in is over. */
    void exit() {
        boolean last;
        synchronized (this) {
            open--;
            last = shut && open == 0;
        }
        if (last) {
            none.tryEmitEmpty();
        }
    }

    /** Lets nothing in any more. Safe to repeat. */
    void shut() {
        boolean last;
        synchronized (this) {
            last = !shut && open == 0;
            shut = true;
        }
        if (last) {
            none.tryEmitEmpty();
        }
    }

    synchronized int count() {
        return open;
    }

    /** Completes when it is shut and nothing is open. Cancelling is safe. */
    Mono<Void> whenNone() {
        return none.asMono();
    }
}
