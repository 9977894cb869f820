package dev.coxswain.executors.process;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.Limits;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What all workspaces of one executor share; {@link ProcessExecutor} owns it.
 *
 * @param workDir absolute, without links once it exists
 * @param starts bounded by {@code parallelStarts}; starts processes
 * @param files reads and writes files, removes workspaces
 * @param signals stops processes; of its own, so that a kill never waits behind a removal
 * @param pipes reads output
 * @param timer grace and time limits; nothing blocks on it
 * @param limits of each command
 * @param memory watches those that no control group holds to theirs
 * @param cgroups null where there are none
 * @param sweeps a last look for what a workspace left
 * @param running commands that run
 */
record Host(Path workDir, Scheduler starts, Scheduler files, Scheduler signals, Scheduler pipes, Scheduler timer,
        Records records, Limits limits, MemoryWatch memory, @Nullable Cgroups cgroups, Launch launch, Sweeps sweeps,
        AtomicInteger running) {
    /**
     * The same when nothing is left to do: no thread is interrupted, what waits for one is still done. Ending threads takes
     * locks, and this is asked for where the last workspace closes: so not there.
     */
    Mono<Void> disposeGracefully() {
        memory.dispose();
        return Mono.when(starts.disposeGracefully(), signals.disposeGracefully(), files.disposeGracefully(),
                pipes.disposeGracefully()).then(Mono.<Void>fromRunnable(launch::close))
                .subscribeOn(Schedulers.boundedElastic());
    }

    /** Gives the threads back (the timer is not ours) and the group of the work folder when nothing is in it. */
    void dispose() {
        memory.dispose();
        starts.dispose();
        signals.dispose();
        files.dispose();
        pipes.dispose();
        launch.close();
        if (cgroups != null) {
            cgroups.removeIfEmpty();
        }
    }
}
