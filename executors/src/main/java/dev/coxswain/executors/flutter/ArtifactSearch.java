package dev.coxswain.executors.flutter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandOutput;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.Workspace;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The last step: looks for the files that a plan names, in the checkout, in the order of their names (contract oore-ci 9). */
final class ArtifactSearch {
    static final String STEP = "artifacts";
    /** What the control plane's adapter takes. */
    static final int MOST = 1_000;

    private static final String BUNDLE = ".app";

    private final Workspace workspace;
    private final Deadline deadline;
    private final JsonMapper mapper;
    private final boolean mac;

    /** @param mac whether folders that are bundles of macOS count: they are sent as archives */
    ArtifactSearch(Workspace workspace, Deadline deadline, JsonMapper mapper, boolean mac) {
        this.workspace = workspace;
        this.deadline = deadline;
        this.mapper = mapper;
        this.mac = mac;
    }

    /** The step, unless there is nothing to look for, and the build's good end; fails with its bad one. */
    Flux<ExecutionEvent> run(List<ArtifactPattern> patterns) {
        if (patterns.isEmpty()) {
            return Flux.just(ended(List.of()));
        }
        Flux<ExecutionEvent> found = deadline.within(STEP, find(patterns).collectList().flux())
                .flatMap(entries -> sent(patterns, entries), 1);
        return Flux.<ExecutionEvent>just(new ExecutionEvent.StepStarted(STEP)).concatWith(found);
    }

    /** Takes one more than is allowed, so that it shows. */
    private Flux<Workspace.Entry> find(List<ArtifactPattern> patterns) {
        BundleFilter bundles = new BundleFilter();
        return workspace.list(Checkout.FOLDER).filter(entry -> bundles.outside(entry))
                .filter(entry -> !entry.isFolder() || bundles.isBundle(entry))
                .filter(entry -> {
                    boolean matches = patterns.stream().anyMatch(pattern -> pattern.matches(inCheckout(entry.path())));
                    if (matches && entry.isFolder()) {
                        bundles.enter(entry);
                    }
                    return matches;
                }).take(MOST + 1L);
    }

    /** Passes over what is inside of a bundle that is sent as a whole. */
    private final class BundleFilter {
        private String within = "";

        boolean isBundle(Workspace.Entry entry) {
            return mac && entry.path().endsWith(BUNDLE);
        }

        void enter(Workspace.Entry bundle) {
            within = bundle.path() + "/";
        }

        boolean outside(Workspace.Entry entry) {
            return within.isEmpty() || !entry.path().startsWith(within);
        }
    }

    private static String inCheckout(String path) {
        return path.substring(Checkout.FOLDER.length() + 1);
    }

    private Flux<ExecutionEvent> sent(List<ArtifactPattern> patterns, List<Workspace.Entry> entries) {
        if (entries.isEmpty()) {
            return failed(1, BuildEnd.failed("no file matches the artifact patterns: " + patterns.stream()
                    .map(ArtifactPattern::toString).collect(Collectors.joining(", "))));
        }
        if (entries.size() > MOST) {
            return failed(1, BuildEnd.failed("more than " + MOST + " files match the artifact patterns"));
        }
        List<String> files = new ArrayList<>();
        Flux<ExecutionEvent> each = Flux.fromIterable(entries).concatMap(entry -> {
            String path = inCheckout(entry.path());
            if (!entry.isFolder()) {
                files.add(path);
                return Flux.just(CommandOutput.line("artifact: " + BuildEnvironment.preview(path) + " ("
                        + entry.bytes() + " bytes)"));
            }
            files.add(path + ".zip");
            return zipped(path);
        }, 1);
        return Flux.concat(each, Flux.just(new ExecutionEvent.StepEnded(STEP, 0)), Flux.defer(() -> Flux.just(ended(
                files))));
    }

    /** With the tool that keeps what a bundle is made of besides bytes. */
    private Flux<ExecutionEvent> zipped(String bundle) {
        return Flux.defer(() -> {
            CommandOutput output = new CommandOutput();
            Command command = new Command(List.of("/usr/bin/ditto", "-c", "-k", "--sequesterRsrc", "--keepParent",
                    workspace.pathOf(Checkout.FOLDER + "/" + bundle),
                    workspace.pathOf(Checkout.FOLDER + "/" + bundle + ".zip")), Map.of(), Checkout.FOLDER,
                    deadline.left(STEP), Command.DEFAULT_GRACE);
            return output.of(workspace, command).concatWith(Flux.defer(() -> {
                if (output.end().timedOut()) {
                    return failed(output.end().code(), deadline.over(STEP));
                }
                return output.end().code() == 0
                        ? Flux.just(CommandOutput.line("artifact: " + BuildEnvironment.preview(bundle) + ".zip"))
                        : failed(output.end().code(), BuildEnd.failed("the bundle " + bundle
                                + " could not be archived: " + output.failure()));
            }));
        });
    }

    private static Flux<ExecutionEvent> failed(int code, BuildEnd end) {
        return Flux.<ExecutionEvent>just(
                new ExecutionEvent.StepEnded(STEP, code, ExecutionEvent.StepResult.FAILED))
                .concatWith(Mono.error(end));
    }

    private ExecutionEvent ended(List<String> files) {
        ObjectNode document = mapper.createObjectNode();
        ArrayNode artifacts = document.putArray("artifacts");
        files.forEach(file -> artifacts.addObject().put("file", file));
        return new ExecutionEvent.Ended(new JobResult.Succeeded(mapper.writeValueAsString(document), Checkout.FOLDER));
    }
}
