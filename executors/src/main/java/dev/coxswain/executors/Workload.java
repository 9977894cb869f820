package dev.coxswain.executors;

import reactor.core.publisher.Flux;

/**
 * What a leased job means: turns it into commands and a result. One workload serves many jobs at once and keeps no state
 * of any of them.
 */
public interface Workload {
    /**
     * Runs a job. Cold. Emits what happens and, last, exactly one {@link ExecutionEvent.Ended}; an error is a failure of
     * ours, not of the job. Respects demand: output that nobody asks for is not read. Cancelling kills what runs; the
     * workspace's owner waits for the end of it ({@link Workspace#close()}).
     */
    Flux<ExecutionEvent> run(Job job, Workspace workspace);
}
