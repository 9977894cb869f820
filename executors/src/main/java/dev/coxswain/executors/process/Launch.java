package dev.coxswain.executors.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.WorkspaceException;
import dev.coxswain.executors.files.WorkspaceFiles;

/** How a command becomes a child process: a clean environment, a program that is there. Blocks. */
final class Launch {
    static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final List<String> INHERITED = List.of("LANG", "TZ");

    private final Map<String, String> base = new HashMap<>();
    private final Spawner spawner;
    private final @Nullable Bubblewrap sandbox;
    private final @Nullable Path nice;

    /**
     * @param hostEnvironment the supervisor's own environment; PATH, LANG and TZ are taken, nothing else
     * @param spawner made for this PATH; closed by {@link #close()}
     * @param sandbox what commands are shut in, or null
     */
    Launch(Map<String, String> hostEnvironment, Function<String, Spawner> spawner,
            ProcessConfig.@Nullable Sandbox sandbox) {
        String path = hostEnvironment.get("PATH");
        base.put("PATH", path == null || path.isBlank() ? DEFAULT_PATH : path);
        for (String name : INHERITED) {
            String value = hostEnvironment.get(name);
            if (value != null) {
                base.put(name, value);
            }
        }
        this.sandbox = sandbox == null
                ? null
                : Bubblewrap.of(base.get("PATH"), sandbox.hidden(), Path.of(System.getProperty("user.home", "/")));
        this.nice = search("nice", base.get("PATH") + ":" + DEFAULT_PATH, Path.of("/"));
        this.spawner = spawner.apply(base.get("PATH"));
    }

    /** Whether the process that is started is the sandbox's, and the command's own one is below it. */
    boolean shutsIn() {
        return sandbox != null;
    }

    /**
     * Starts a command; it holds no stream of ours but its two pipes.
     *
     * @param commandId tells it apart from the other commands of its workspace
     * @param leaf the control group it joins before its program begins, or null
     * @param unjoined a file that is made when joining fails
     * @param niceness by which it has less of the CPU; 0 for none
     */
    Child start(Command command, WorkspaceFiles files, String commandId, @Nullable CgroupLeaf leaf, Path unjoined,
            int niceness) {
        Path directory = files.directory(command.directory());
        Map<String, String> environment = environment(command, files, commandId);
        String program = command.argv().getFirst();
        String file = find(program, environment.getOrDefault("PATH", DEFAULT_PATH), directory);
        if (command.argv().stream().anyMatch(argument -> argument.indexOf('\0') >= 0)) {
            throw new WorkspaceException("cannot start " + program + ": an argument holds a NUL character");
        }
        List<String> argv = new ArrayList<>();
        if (niceness > 0 && nice != null) {
            argv.addAll(List.of(nice.toString(), "-n", Integer.toString(niceness)));
        }
        argv.addAll(sandbox == null
                ? command.argv()
                : sandbox.around(command.argv(), files.root(), directory, command.reads()));
        if (argv.size() > command.argv().size()) {
            // what stands before it is named with its whole path
            file = argv.getFirst();
        }
        try {
            return spawner.spawn(new Spawner.Start(file, argv, environment, directory, leaf, unjoined));
        } catch (IOException e) {
            throw new WorkspaceException("cannot start " + program + ": " + e.getMessage(), e);
        }
    }

    private Map<String, String> environment(Command command, WorkspaceFiles files, String commandId) {
        Map<String, String> environment = new HashMap<>(base);
        environment.put("HOME", files.root().toString());
        command.environment().forEach((name, value) -> {
            if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0 || value.indexOf('\0') >= 0) {
                throw new WorkspaceException("a variable of the command's environment has a name or value that no "
                        + "process can be given");
            }
            environment.put(name, value);
        });
        environment.put(ProcessTree.WORKSPACE_MARKER, files.root().toString());
        environment.put(ProcessTree.COMMAND_MARKER, commandId);
        return environment;
    }

    /** Looks the program up first: behind a shell or setsid its absence would be nothing but an exit code of 127. */
    private static String find(String program, String path, Path directory) {
        if (program.isEmpty() || program.indexOf('\0') >= 0) {
            throw new WorkspaceException("the name of the program is empty or no name");
        }
        if (program.indexOf('/') < 0) {
            Path found = search(program, path, directory);
            if (found == null) {
                throw new WorkspaceException("program not found: " + program + " (looked in PATH " + path + ")");
            }
            return found.toString();
        }
        Path file = directory.resolve(program);
        if (!Files.isRegularFile(file)) {
            throw new WorkspaceException("program not found: " + program);
        }
        if (!Files.isExecutable(file)) {
            throw new WorkspaceException("the program is not executable: " + program);
        }
        return program;
    }

    static @Nullable Path search(String program, String path, Path directory) {
        return Stream.of(path.split(":", -1)).map(folder -> directory.resolve(folder).resolve(program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file)).findFirst().orElse(null);
    }

    void close() {
        spawner.close();
    }
}
