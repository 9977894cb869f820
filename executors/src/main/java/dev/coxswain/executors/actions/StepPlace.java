package dev.coxswain.executors.actions;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.actions.expression.Context;
import dev.coxswain.executors.actions.expression.Value;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The folders of a job in its workspace, and the files of one step in it: beside the folder that steps work in, so that they
 * are in nobody's way and in no artifact.
 */
final class StepPlace {
    /** Where steps work, and the sources go. */
    static final String WORK = "work";
    /** Copies of what is to be uploaded. */
    static final String ARTIFACTS = "artifacts";

    private static final String EVENT = "event.json";
    private static final List<String> FILES = List.of("env", "output", "path", "step_summary");

    private final Workspace workspace;
    private final String folder;

    StepPlace(Workspace workspace, long step) {
        this.workspace = workspace;
        this.folder = "steps/" + step;
    }

    /** Makes the folders of a job and the file of its event. */
    static Mono<Void> open(Workspace workspace, byte[] event) {
        return workspace.folder(WORK).then(workspace.write(EVENT, event));
    }

    /** Makes the step's files, and its script, which is in no argument of a process: it may hold secrets. */
    Mono<Void> make(byte[] script) {
        return Flux.fromIterable(FILES).concatMap(file -> workspace.write(folder + "/" + file, new byte[0]), 1)
                .then(workspace.write(folder + "/script", script));
    }

    String script() {
        return workspace.pathOf(folder + "/script");
    }

    Mono<byte[]> read(String file, int mostBytes) {
        return workspace.read(folder + "/" + file, mostBytes).defaultIfEmpty(new byte[0]);
    }

    /** Values that a step left for others lie there. */
    Mono<Void> wipe() {
        return workspace.wipe(folder);
    }

    /** What the step's processes see, besides what is bound to its script. */
    Map<String, String> environment(Context context) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("CI", "true");
        Contexts.environment(context).forEach((name, value) -> {
            if (value instanceof Value.Text text) {
                variables.put(name, text.text());
            }
        });
        FILES.forEach(file -> variables.put("GITHUB_" + file.toUpperCase(Locale.ROOT),
                workspace.pathOf(folder + "/" + file)));
        variables.put("GITHUB_WORKSPACE", workspace.pathOf(WORK));
        variables.put("GITHUB_EVENT_PATH", workspace.pathOf(EVENT));
        return variables;
    }
}
