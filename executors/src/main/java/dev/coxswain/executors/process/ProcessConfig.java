package dev.coxswain.executors.process;

import java.nio.file.Path;

/**
 * {@code executors: {NAME: {kind: process}}}.
 *
 * @param workDir absolute folder of all workspaces; this supervisor alone uses it
 * @param parallelStarts how many processes are started at once; more than 4 on 2 cores cost more for less
 */
public record ProcessConfig(Path workDir, int parallelStarts) {
    /** {@code parallelStarts} when nothing is said: two for each core. */
    public static int defaultParallelStarts() {
        return Math.max(2, 2 * Runtime.getRuntime().availableProcessors());
    }
}
