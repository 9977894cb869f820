package dev.coxswain.executors.kubernetes;

import dev.coxswain.executors.WorkspaceException;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What the watch tells of one pod. */
final class PodLife {
    private final Sinks.Empty<Void> running = Sinks.empty();
    private final Sinks.One<String> over = Sinks.one();
    private final Sinks.Empty<Void> gone = Sinks.empty();

    /** Told on the watch's thread, which is not held up: what hangs on it moves to another one. */
    void saw(PodState state) {
        switch (state) {
            case PodState.Starting starting -> {
                // who waits for it asks for the reason when its time is over
            }
            case PodState.Running now -> running.tryEmitEmpty();
            case PodState.Hopeless(String why) -> running.tryEmitError(new WorkspaceException(why));
            case PodState.Over(String why) -> over(why);
        }
    }

    void deleted() {
        over("it was deleted");
        gone.tryEmitEmpty();
    }

    private void over(String why) {
        running.tryEmitError(new WorkspaceException(why));
        over.tryEmitValue(why);
    }

    /** Completes when commands can run in it; fails when that will never be. */
    Mono<Void> running() {
        return running.asMono();
    }

    /** Why it has ended, when it has. */
    Mono<String> over() {
        return over.asMono();
    }

    /** Completes when the cluster has it no more. */
    Mono<Void> gone() {
        return gone.asMono();
    }
}
