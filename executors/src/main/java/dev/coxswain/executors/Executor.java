package dev.coxswain.executors;

import java.util.Set;

import reactor.core.publisher.Mono;

/**
 * Where commands run. One executor serves many jobs at once and lives as long as the supervisor.
 */
public interface Executor {
    /** The kind in the configuration: {@code process}, {@code container} or {@code kubernetes}. */
    String kind();

    /**
     * The limits that the system itself holds each command to. Of the others memory is looked at twice a second by an executor
     * that can, less of the CPU is less of its weight, and there is none for processes.
     */
    default Set<Limits.Kind> holds() {
        return Set.of();
    }

    /**
     * Opens an empty workspace of its own for one job. Whoever gets it closes it, also after a cancel
     * ({@code Mono.usingWhen}). Fails with a {@link WorkspaceException} when it can't be made (folder not writable, disk
     * full); one that costs much may be made with its first use, which fails then. Cancelling before it emits leaves nothing behind; only a bracket also closes what is emitted in the very
     * moment of the cancel, which a plain subscriber drops.
     *
     * @param jobKey {@link Job#key()}
     */
    Mono<Workspace> open(String jobKey);

    /**
     * Ends whatever a former life of this supervisor left: kills its processes, removes its workspaces. Called once,
     * before the first {@link #open}; emits what was found.
     */
    Mono<Reaped> reap();

    /**
     * What {@link #reap()} ended.
     *
     * @param processes processes that were still alive and were killed
     * @param workspaces workspaces that were removed
     */
    record Reaped(int processes, int workspaces) {}
}
