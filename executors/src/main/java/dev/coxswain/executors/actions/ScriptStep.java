package dev.coxswain.executors.actions;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandOutput;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.actions.expression.Context;
import dev.coxswain.executors.actions.expression.ExpressionException;
import dev.coxswain.executors.actions.expression.Template;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Runs a script, with bash where there is one, and takes in what it left in its files (contract shithub-actions 14). */
final class ScriptStep {
    /** The script is a file: in arguments every user of the host would see the secrets that were put into it. */
    private static final String START = """
            if [ -n "$2" ]; then PATH="$2:$PATH"; export PATH; fi
            case "$3" in
            bash) exec bash --noprofile --norc -eo pipefail "$1" ;;
            sh) exec sh -e "$1" ;;
            python) if command -v python >/dev/null 2>&1; then exec python "$1"; fi; exec python3 "$1" ;;
            esac
            if command -v bash >/dev/null 2>&1; then exec bash "$1"; fi
            exec sh "$1"
            """;

    private final Workspace workspace;
    private final JobState state;

    ScriptStep(Workspace workspace, JobState state) {
        this.workspace = workspace;
        this.state = state;
    }

    /** Its output, and what that says; puts its outputs into {@code outputs}. Fails with a {@link StepFailure}. */
    Flux<ExecutionEvent> run(JobStep step, Context context, TimeLimit limit, List<Map.Entry<String, String>> outputs) {
        return Flux.defer(() -> {
            Template.Script script = script(step, context);
            StepPlace place = new StepPlace(workspace, step.id());
            Map<String, String> environment = place.environment(context);
            environment.putAll(script.bound());
            String key = "working-directory";
            String folder = StepPlace.folder(workspace, key, Scope.text(key, step.workingDirectory(), context).text());
            CommandOutput output = new CommandOutput();
            Flux<ExecutionEvent> said = Flux.defer(() -> output.of(workspace, new Command(
                    List.of("/bin/sh", "-c", START, "sh", place.pathOf("script"), state.path(), step.shell()),
                    environment, folder,
                    limit.left(), Command.DEFAULT_GRACE)));
            return Flux.concat(quietly(place.make(script.text().getBytes(StandardCharsets.UTF_8))),
                    new LogCommands().read(said), quietly(taken(place, outputs)), quietly(place.wipe()),
                    quietly(Mono.defer(() -> end(output, limit))));
        });
    }

    private static Template.Script script(JobStep step, Context context) {
        try {
            return Template.parse(step.script()).script(context);
        } catch (ExpressionException e) {
            throw StepFailure.of("run: " + e.getMessage());
        }
    }

    /** Also of a step that failed: it may have said why. */
    private Mono<Void> taken(StepPlace place, List<Map.Entry<String, String>> outputs) {
        return place.read("env", EnvFile.MOST_BYTES)
                .doOnNext(content -> EnvFile.variables(content)
                        .forEach(each -> state.set(each.getKey(), each.getValue())))
                .then(place.read("path", EnvFile.MOST_BYTES))
                .doOnNext(content -> EnvFile.folders(content).forEach(state::prepend))
                .then(place.read("output", EnvFile.MOST_BYTES))
                .doOnNext(content -> EnvFile.outputs(content).forEach(each -> {
                    state.kept(each.getValue());
                    outputs.add(each);
                })).then();
    }

    private static Mono<Void> end(CommandOutput output, TimeLimit limit) {
        if (output.end().timedOut()) {
            return Mono.error(limit.over());
        }
        int code = output.end().code();
        return code == 0 ? Mono.empty() : Mono.error(StepFailure.exited(code, "it ended with " + output.failure()));
    }

    private static Flux<ExecutionEvent> quietly(Mono<Void> work) {
        return work.thenMany(Flux.empty());
    }
}
