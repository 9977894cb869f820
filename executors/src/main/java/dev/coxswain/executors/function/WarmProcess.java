package dev.coxswain.executors.function;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.Workspace;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A process with a workspace of its own, as the pool sees it; the pool guards all of it. */
final class WarmProcess {
    final WarmKey key;
    final FunctionProcess process;
    final Workspace workspace;
    State state = State.BUSY;
    /** Whether it is kept after its call. */
    boolean kept = true;
    /** Whether a call waits for the look at it. */
    boolean claimed;
    /** Tells how that look ended. */
    Sinks.One<Boolean> looked = Sinks.one();
    /** Its end when nobody calls it. */
    @Nullable
    Disposable expiry;

    private final Mono<Void> end;

    WarmProcess(WarmKey key, FunctionProcess process, Workspace workspace, Runnable ended) {
        this.key = key;
        this.process = process;
        this.workspace = workspace;
        // cached, so that it is ended once, whoever waits for it
        this.end = Mono.<Void>fromRunnable(process::kill).then(Mono.defer(workspace::close))
                .doFinally(how -> ended.run())
                .cache();
    }

    /** Where it is in its life. */
    enum State {
        /** a call runs in it, or is about to */
        BUSY,
        /** its call is over, and it is looked at whether that left anything behind */
        LOOKED_AT,
        /** waits for a call */
        IDLE,
        /** is being ended, or is gone */
        ENDING
    }

    /** Kills it and removes its workspace. Completes when that is done. */
    Mono<Void> end() {
        return end;
    }
}
