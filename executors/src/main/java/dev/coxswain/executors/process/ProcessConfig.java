package dev.coxswain.executors.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.Limits;

/**
 * {@code executors: {NAME: {kind: process}}}.
 *
 * @param workDir absolute folder of all workspaces; this supervisor alone uses it
 * @param parallelStarts how many processes are started at once; more than 4 on 2 cores cost more for less
 * @param limits what each command may take
 * @param sandbox what commands are shut in; null for nothing
 */
public record ProcessConfig(Path workDir, int parallelStarts, Limits limits, @Nullable Sandbox sandbox) {
    /** Without limits and sandbox. */
    public ProcessConfig(Path workDir, int parallelStarts) {
        this(workDir, parallelStarts, Limits.NONE, null);
    }

    /** {@code parallelStarts} when nothing is said: two for each core. */
    public static int defaultParallelStarts() {
        return Math.max(2, 2 * Runtime.getRuntime().availableProcessors());
    }

    /** The same with its workspaces in {@code folder}. */
    public ProcessConfig in(Path folder) {
        return new ProcessConfig(folder, parallelStarts, limits, sandbox);
    }

    /** The same, with nothing of these files and folders to be seen in a sandbox. */
    public ProcessConfig hiding(List<Path> more) {
        return sandbox == null ? this : new ProcessConfig(workDir, parallelStarts, limits, sandbox.hiding(more));
    }

    /**
     * {@code sandbox: bubblewrap}: commands see this host, can write to their workspace and a /tmp of their own, and see no
     * process but theirs.
     *
     * @param hidden files and folders, absolute, that appear empty; other jobs' workspaces do so anyway
     */
    public record Sandbox(List<Path> hidden) {
        public Sandbox {
            hidden = List.copyOf(hidden);
        }

        Sandbox hiding(List<Path> more) {
            List<Path> all = new ArrayList<>(hidden);
            all.addAll(more);
            return new Sandbox(all);
        }
    }
}
