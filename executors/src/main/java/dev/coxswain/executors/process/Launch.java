package dev.coxswain.executors.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.WorkspaceException;

/** How a command becomes a child process: a clean environment, a session of its own, its control group. Blocks. */
final class Launch {
    private static final Logger log = LoggerFactory.getLogger(Launch.class);
    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final List<String> INHERITED = List.of("LANG", "TZ");
    /** What shells export without being asked. */
    private static final List<String> SHELL_NOISE = List.of("PWD", "OLDPWD", "SHLVL", "_");
    private static final File NULL = new File("/dev/null");

    private final Map<String, String> base = new HashMap<>();
    private final @Nullable String setsid;

    /** @param hostEnvironment the supervisor's own environment; PATH, LANG and TZ are taken, nothing else */
    Launch(Map<String, String> hostEnvironment) {
        String path = hostEnvironment.get("PATH");
        base.put("PATH", path == null || path.isBlank() ? DEFAULT_PATH : path);
        for (String name : INHERITED) {
            String value = hostEnvironment.get(name);
            if (value != null) {
                base.put(name, value);
            }
        }
        Path program = search("setsid", base.get("PATH") + ":" + DEFAULT_PATH, Path.of("/"));
        setsid = program == null ? null : program.toString();
        if (setsid == null) {
            log.warn("no setsid program (package util-linux): commands share our session, and Ctrl-C reaches them");
        }
    }

    /**
     * Starts a command; it holds no stream of ours but its two pipes.
     *
     * @param commandId tells it apart from the other commands of its workspace
     * @param leaf the control group it joins before its program begins, or null
     * @param unjoined a file that is made when joining fails
     */
    Process start(Command command, WorkspaceFiles files, String commandId, Cgroups.@Nullable Leaf leaf, Path unjoined) {
        Path directory = files.directory(command.directory());
        Map<String, String> environment = environment(command, files, commandId);
        check(command.argv().getFirst(), environment.getOrDefault("PATH", DEFAULT_PATH), directory);
        ProcessBuilder builder = new ProcessBuilder(argv(command, leaf, unjoined)).directory(directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(NULL));
        try {
            builder.environment().clear();
            builder.environment().putAll(environment);
        } catch (IllegalArgumentException e) {
            throw new WorkspaceException("a variable of the command's environment has a name or value that no "
                    + "process can be given");
        }
        try {
            return builder.start();
        } catch (IOException e) {
            throw new WorkspaceException("cannot start " + command.argv().getFirst() + ": " + reason(e), e);
        }
    }

    private Map<String, String> environment(Command command, WorkspaceFiles files, String commandId) {
        Map<String, String> environment = new HashMap<>(base);
        environment.put("HOME", files.root().toString());
        environment.putAll(command.environment());
        environment.put(ProcessTree.WORKSPACE_MARKER, files.root().toString());
        environment.put(ProcessTree.COMMAND_MARKER, commandId);
        return environment;
    }

    /**
     * The program comes after {@code exec}s only, so the pid that we see stays its pid. A child of this JVM leads no process
     * group, hence setsid does not fork.
     */
    private List<String> argv(Command command, Cgroups.@Nullable Leaf leaf, Path unjoined) {
        List<String> argv = new ArrayList<>();
        if (leaf != null) {
            String noise = SHELL_NOISE.stream().filter(name -> !command.environment().containsKey(name))
                    .collect(Collectors.joining(" "));
            argv.addAll(List.of("/bin/sh", "-c", "{ echo $$ >\"$0\"; } 2>/dev/null || : >\"$1\"; shift; "
                    + (noise.isEmpty() ? "" : "unset " + noise + "; ") + "exec \"$@\"", leaf.procs().toString(),
                    unjoined.toString()));
        }
        if (setsid != null) {
            argv.addAll(List.of(setsid, "--"));
        }
        argv.addAll(command.argv());
        return argv;
    }

    /** Looks the program up first: behind setsid its absence would be nothing but an exit code of 127. */
    private static void check(String program, String path, Path directory) {
        if (program.isEmpty() || program.indexOf('\0') >= 0) {
            throw new WorkspaceException("the name of the program is empty or no name");
        }
        if (program.indexOf('/') < 0) {
            if (search(program, path, directory) == null) {
                throw new WorkspaceException("program not found: " + program + " (looked in PATH " + path + ")");
            }
            return;
        }
        Path file = directory.resolve(program);
        if (!Files.isRegularFile(file)) {
            throw new WorkspaceException("program not found: " + program);
        }
        if (!Files.isExecutable(file)) {
            throw new WorkspaceException("the program is not executable: " + program);
        }
    }

    private static @Nullable Path search(String program, String path, Path directory) {
        return Stream.of(path.split(":", -1)).map(folder -> directory.resolve(folder).resolve(program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file)).findFirst().orElse(null);
    }

    /** The JDK wraps the system's words into its own, which name our shell and not the program. */
    private static String reason(IOException e) {
        String message = String.valueOf(e.getMessage());
        int error = message.lastIndexOf("error=");
        int comma = message.indexOf(", ", Math.max(error, 0));
        return error >= 0 && comma >= 0 ? message.substring(comma + 2) : "the system refused";
    }
}
