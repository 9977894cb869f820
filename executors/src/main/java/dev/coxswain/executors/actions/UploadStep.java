package dev.coxswain.executors.actions;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Workspace;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * {@code actions/upload-artifact}: sets files aside, as they are now, for the upload at the job's end (contract shithub-actions
 * 10; design section 11): one file as it is, several as a ZIP. Folders whose names begin with a dot are left out.
 */
final class UploadStep {
    private static final Set<String> KEYS = Set.of("name", "path", "if-no-files-found");
    private static final Pattern NAME = Pattern.compile("(?!\\.\\.)[A-Za-z0-9._-]{1,100}");
    private static final int MOST_FILES = 100_000;
    private static final int MOST_ARTIFACTS = 500;

    private final Workspace workspace;
    private final JobState state;
    private final Scheduler files;

    UploadStep(Workspace workspace, JobState state, Scheduler files) {
        this.workspace = workspace;
        this.state = state;
        this.files = files;
    }

    /** Fails with a {@link StepFailure}. */
    Flux<ExecutionEvent> run(Map<String, String> with, TimeLimit limit) {
        return Flux.defer(() -> {
            String name = name(with);
            FileSelection selection = new FileSelection(with.getOrDefault("path", ""),
                    workspace.pathOf(StepPlace.WORK));
            return limit.within(found(selection).collectList()
                    .flatMapMany(found -> found.isEmpty()
                            ? nothing(with.getOrDefault("if-no-files-found", "warn").strip())
                            : kept(name, found, selection, limit)));
        });
    }

    private String name(Map<String, String> with) {
        for (String key : new TreeSet<>(with.keySet())) {
            if (!KEYS.contains(key)) {
                throw StepFailure
                        .of("actions/upload-artifact knows only name, path and if-no-files-found here, not " + key);
            }
        }
        String name = with.getOrDefault("name", "artifact").strip();
        if (!NAME.matcher(name).matches()) {
            throw StepFailure
                    .of("the name of an artifact has 1 to 100 letters, digits, points, _ and -, and no two points "
                            + "at its beginning");
        }
        if (state.artifacts().containsKey(name)) {
            throw StepFailure.of("this job has uploaded an artifact " + name + " before");
        }
        if (state.artifacts().size() == MOST_ARTIFACTS) {
            throw StepFailure.of("a job can upload at most " + MOST_ARTIFACTS + " artifacts");
        }
        return name;
    }

    /** Takes one more than is allowed, so that it shows. */
    private Flux<String> found(FileSelection selection) {
        return workspace.list(StepPlace.WORK).filter(entry -> !entry.isFolder())
                .map(entry -> entry.path().substring(StepPlace.WORK.length() + 1)).filter(selection::contains)
                .take(MOST_FILES + 1L);
    }

    private static Flux<ExecutionEvent> nothing(String then) {
        String text = "no file was found with the given path: no artifact will be uploaded";
        return switch (then) {
            case "ignore" -> Flux.empty();
            case "warn" -> Flux.fromIterable(Remark.warning(text));
            case "error" -> Flux.error(StepFailure.of(text));
            default -> Flux.error(StepFailure.of("if-no-files-found must be warn, error or ignore"));
        };
    }

    private Flux<ExecutionEvent> kept(String name, List<String> found, FileSelection selection, TimeLimit limit) {
        if (found.size() > MOST_FILES) {
            return Flux.error(StepFailure.of("more than " + MOST_FILES + " files match the path"));
        }
        String folder = "" + (state.artifacts().size() + 1);
        String only = found.getFirst();
        String file = folder + "/" + (found.size() == 1 ? only.substring(only.lastIndexOf('/') + 1) : name + ".zip");
        String place = StepPlace.ARTIFACTS + "/" + file;
        Flux<ExecutionEvent> made = found.size() == 1
                // later steps may change or remove it
                ? workspace.folder(StepPlace.ARTIFACTS + "/" + folder)
                        .thenMany(OwnCommand.run(workspace, limit, "the file could not be set aside", "cp", "--",
                                workspace.pathOf(StepPlace.WORK + "/" + only), workspace.pathOf(place)))
                : new Archive(workspace, files).make(items(found, selection.root(found)), place).thenMany(Flux.empty());
        return made.concatWith(Mono.fromRunnable(() -> state.artifact(name, file)));
    }

    private static List<Archive.Item> items(List<String> found, String root) {
        return found.stream().map(path -> new Archive.Item(StepPlace.WORK + "/" + path,
                path.startsWith(root) ? path.substring(root.length()) : path)).toList();
    }
}
