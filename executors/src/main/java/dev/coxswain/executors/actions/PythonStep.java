package dev.coxswain.executors.actions;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Workspace;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * {@code actions/setup-python}: makes a Python that the host has the one of the steps that follow (contract shithub-actions 14).
 * It installs none. What it leaves are scripts that start that Python, since a link to it may find other libraries.
 */
final class PythonStep {
    private static final String VERSION = "python-version";
    private static final int MOST_BYTES = 64 * 1024;
    /** All that the PATH has, at most forty: a program of such a name may be anything, and is asked. */
    private static final String SEARCH = """
            if [ -n "$2" ]; then PATH="$2:$PATH"; export PATH; fi
            asked=0
            IFS=:
            for folder in $PATH; do
              for program in "$folder"/python3 "$folder"/python3.[0-9] "$folder"/python3.[0-9][0-9] "$folder"/python; do
                if [ -f "$program" ] && [ -x "$program" ] && [ "$asked" -lt 40 ]; then
                  asked=$((asked + 1))
                  "$program" -c 'import platform, sys; print(platform.python_version() + " " + sys.executable)' \\
                    2>/dev/null </dev/null
                fi
              done
            done >"$1"
            exit 0
            """;

    private final Workspace workspace;
    private final JobState state;

    PythonStep(Workspace workspace, JobState state) {
        this.workspace = workspace;
        this.state = state;
    }

    /** Puts its outputs into {@code outputs}. Fails with a {@link StepFailure}; cancelling kills the search. */
    Flux<ExecutionEvent> run(String step, Map<String, String> with, TimeLimit limit,
            List<Map.Entry<String, String>> outputs) {
        return Flux.defer(() -> {
            String asked = asked(with);
            StepPlace place = new StepPlace(workspace, step);
            return Flux.concat(place.make(new byte[0]).thenMany(Flux.empty()),
                    OwnCommand.run(workspace, limit, "the search for a Python failed", "/bin/sh", "-c", SEARCH, "sh",
                            place.pathOf("output"), state.path()),
                    place.read("output", MOST_BYTES).flatMapMany(found -> {
                        HostPython python = HostPython.choose(
                                HostPython.read(new String(found, StandardCharsets.UTF_8)), asked);
                        return chosen(python, limit, outputs);
                    }), place.wipe().thenMany(Flux.empty()));
        });
    }

    private static String asked(Map<String, String> with) {
        for (String key : with.keySet()) {
            if (!key.equals(VERSION)) {
                throw StepFailure.of("actions/setup-python knows only " + VERSION + " here, not " + key);
            }
        }
        return with.getOrDefault(VERSION, "").strip();
    }

    private Flux<ExecutionEvent> chosen(HostPython python, TimeLimit limit, List<Map.Entry<String, String>> outputs) {
        String folder = "tools/python-" + python.version();
        String start = "#!/bin/sh\nexec '" + python.program().replace("'", "'\\''") + "'";
        Map<String, String> scripts = Map.of("python", start + " \"$@\"\n", "python3", start + " \"$@\"\n", "pip",
                start + " -m pip \"$@\"\n", "pip3", start + " -m pip \"$@\"\n");
        List<String> chmod = new ArrayList<>(List.of("chmod", "0700", "--"));
        scripts.keySet().forEach(name -> chmod.add(workspace.pathOf(folder + "/" + name)));
        return Flux.fromIterable(scripts.entrySet())
                .concatMap(each -> workspace.write(folder + "/" + each.getKey(),
                        each.getValue().getBytes(StandardCharsets.UTF_8)), 1)
                .thenMany(OwnCommand.run(workspace, limit, "Python could not be put into the PATH",
                        chmod.toArray(String[]::new)))
                .concatWith(Mono.fromRunnable(() -> {
                    state.prepend(workspace.pathOf(folder));
                    outputs.add(Map.entry(VERSION, python.version()));
                    outputs.add(Map.entry("python-path", workspace.pathOf(folder + "/python")));
                }));
    }
}
