package dev.coxswain.executors;

import reactor.core.publisher.Mono;

/** An executor with threads of its own, as whoever made it sees it. */
public interface OwnedExecutor extends Executor, AutoCloseable {
    /** Commands that run now: started, and not everything of them dead yet. */
    int running();

    /**
     * Gives the threads back when all workspaces are closed and another executor has taken over; completes when they have
     * ended. Nothing can be opened any more. {@link #close()} may follow.
     */
    Mono<Void> retire();

    /** Kills what still runs, without waiting for its end, and gives the threads back. Close the workspaces first. Blocks. */
    @Override
    void close();
}
