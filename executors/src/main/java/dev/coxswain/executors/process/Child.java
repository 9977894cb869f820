package dev.coxswain.executors.process;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.CommandEvent.Stream;

/** A process that we started: its two pipes and its end. */
interface Child {
    int pid();

    /** Whether the process itself still runs; what it started is not asked about. */
    boolean alive();

    /**
     * Its exit code, 128 + the signal's number when one ended it. Completes on a thread that waits for all processes: what
     * hangs on it must not hold it up.
     */
    CompletableFuture<Integer> exit();

    /** KILL to it and its process group, unless it has ended (its id may be another's by then). Whether it had not. */
    boolean kill();

    /** What this pipe holds right now, at most {@code maxBytes}; null when that is nothing. Never waits. */
    byte @Nullable [] read(Stream stream, int maxBytes);

    /** Has {@code ready} called once when a pipe holds something or is closed; false: nobody can tell, ask again later. */
    boolean whenReadable(Runnable ready);

    /** Closes our ends of the pipes. Safe to repeat, and while another thread reads. */
    void closePipes();
}
