package dev.coxswain.executors.function;

import java.util.concurrent.atomic.AtomicBoolean;

import reactor.core.publisher.Mono;

/** A process for one call; it is given back, whatever becomes of the call. */
final class Borrowed {
    private final FunctionProcess process;
    private final Runnable returned;
    private final AtomicBoolean back = new AtomicBoolean();

    Borrowed(FunctionProcess process, Runnable returned) {
        this.process = process;
        this.returned = returned;
    }

    FunctionProcess process() {
        return process;
    }

    /** Safe to repeat. */
    Mono<Void> giveBack() {
        return Mono.fromRunnable(() -> {
            if (back.compareAndSet(false, true)) {
                returned.run();
            }
        });
    }
}
