package dev.coxswain.executors.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Makes a child process: in a session of its own, in its control group, with /dev/null and two pipes and nothing else of ours. */
interface Spawner extends AutoCloseable {
    /**
     * What is to be started; without NUL characters.
     *
     * @param file the program's file; absolute, or relative to {@code directory}
     * @param argv what it is told, its own name first
     * @param environment all of it
     * @param leaf the control group it is in before it begins, or null
     * @param unjoined a file that is made when it can't join that group
     */
    record Start(String file, List<String> argv, Map<String, String> environment, Path directory,
            @Nullable CgroupLeaf leaf, Path unjoined) {}

    /** Starts it; blocks until the program has begun. An error's message is the system's reason alone. */
    Child spawn(Start start) throws IOException;

    /** Starts nothing any more. What runs is still waited for, so that no dead process stays behind. */
    @Override
    void close();

    /** The cheapest way that this host has. */
    static Spawner ofHost(String path) {
        Spawner direct = NativeSpawner.ofHost();
        return direct == null ? new JdkSpawner(path) : direct;
    }
}
