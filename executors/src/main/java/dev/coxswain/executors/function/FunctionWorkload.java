package dev.coxswain.executors.function;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Executor;
import dev.coxswain.executors.Job;
import dev.coxswain.executors.Workload;
import dev.coxswain.executors.Workspace;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.json.JsonMapper;

/** Skeleton: signatures only. */
public final class FunctionWorkload implements Workload, AutoCloseable {
    /**
     * Makes the workload of a pool.
     *
     * @param executor opens the workspaces of warm processes; not closed by {@link #close()}
     * @param files bounded; makes the ends of channels
     * @param timer for time limits, the memory watch and idle expiry
     */
    public FunctionWorkload(FunctionConfig config, Runtimes runtimes, Executor executor, JsonMapper mapper,
            Scheduler files, Scheduler timer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Flux<ExecutionEvent> run(Job job, Workspace workspace) {
        throw new UnsupportedOperationException();
    }

    /** Ends all warm processes; completes when they are dead and their folders are gone. Never fails. */
    public Mono<Void> end() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
