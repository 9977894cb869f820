package dev.coxswain.supervisor.fleet;

import java.util.concurrent.atomic.AtomicInteger;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Counts what a drain has to wait for: lease requests in flight, jobs, and leases of a former life. A granted request's
 * count goes on as its job's, so that there is no moment in which a job is not counted.
 */
final class OpenWork {
    private final AtomicInteger open = new AtomicInteger();
    private final Sinks.Empty<Void> zero = Sinks.empty();
    private volatile boolean closing;

    void enter() {
        open.incrementAndGet();
    }

    void exit() {
        if (open.decrementAndGet() == 0 && closing) {
            zero.tryEmitEmpty();
        }
    }

    int count() {
        return open.get();
    }

    /** Completes when nothing is open; ask only after new work was shut out. */
    Mono<Void> whenNone() {
        return Mono.defer(() -> {
            closing = true;
            if (open.get() == 0) {
                zero.tryEmitEmpty();
            }
            return zero.asMono();
        });
    }
}
