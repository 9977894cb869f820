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

    /** @param step its id */
    StepPlace(Workspace workspace, String step) {
        this.workspace = workspace;
        this.folder = "steps/" + step;
    }

    /** Makes the folders of a job and the file of its event. */
    static Mono<Void> open(Workspace workspace, byte[] event) {
        return workspace.folder(WORK).then(workspace.write(EVENT, event));
    }

    /**
     * The folder of the workspace that a text of a step names.
     *
     * @param told relative to where steps work, which may also be named in full
     * @throws StepFailure when it is no path within
     */
    static String folder(Workspace workspace, String key, String told) {
        String root = workspace.pathOf(WORK);
        String path = told.strip();
        if (path.equals(root) || path.startsWith(root + "/")) {
            path = path.substring(root.length()).replaceFirst("^/+", "");
        }
        if (path.startsWith("/") || List.of(path.split("/", -1)).contains("..") || path.indexOf('\0') >= 0) {
            throw StepFailure.of(key + " must be a path within the job's folder, without ..");
        }
        return path.isEmpty() ? WORK : WORK + "/" + path;
    }

    /** Makes the step's files, and its script, which is in no argument of a process: it may hold secrets. */
    Mono<Void> make(byte[] script) {
        return Flux.fromIterable(FILES).concatMap(file -> workspace.write(folder + "/" + file, new byte[0]), 1)
                .then(workspace.write(folder + "/script", script));
    }

    /** The absolute path of the script, or one of the files. */
    String pathOf(String file) {
        return workspace.pathOf(folder + "/" + file);
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
        Scope.environment(context).forEach((name, value) -> {
            if (value instanceof Value.Text text) {
                variables.put(name, text.text());
            }
        });
        FILES.forEach(file -> variables.put("GITHUB_" + file.toUpperCase(Locale.ROOT), pathOf(file)));
        variables.put("GITHUB_WORKSPACE", workspace.pathOf(WORK));
        variables.put("GITHUB_EVENT_PATH", workspace.pathOf(EVENT));
        return variables;
    }
}
