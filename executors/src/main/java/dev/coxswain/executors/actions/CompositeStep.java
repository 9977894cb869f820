package dev.coxswain.executors.actions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.actions.expression.Context;
import dev.coxswain.executors.actions.expression.Value;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * An action of the repository ({@code uses: ./folder}): its file is read from where steps work, and its steps are run with what
 * the step gives it. The control plane knows nothing of those: they are told of in the log only.
 */
final class CompositeStep {
    /** Actions in actions. */
    static final int MOST_DEPTH = 10;

    private static final List<String> FILES = List.of("action.yml", "action.yaml");

    private final StepWork work;
    private final Workspace workspace;
    private final JobState state;

    CompositeStep(StepWork work, Workspace workspace, JobState state) {
        this.work = work;
        this.workspace = workspace;
        this.state = state;
    }

    /**
     * What its steps do; puts its outputs into {@code outputs}. Fails with a {@link StepFailure}.
     *
     * @param context of the step that uses it
     * @param scope which that step is in
     */
    Flux<ExecutionEvent> run(JobStep step, Context context, Scope scope, TimeLimit limit,
            List<Map.Entry<String, String>> outputs) {
        return Flux.defer(() -> {
            if (scope.depth() == MOST_DEPTH) {
                throw StepFailure.of("uses: " + step.uses() + " is in " + MOST_DEPTH
                        + " other actions, and no more than that can use each other");
            }
            Map<String, Value> given = new LinkedHashMap<>();
            step.with().forEach((name, raw) -> given.put(name, Scope.text("with " + name, raw, context)));
            Map<String, Value> variables = new LinkedHashMap<>(Scope.environment(context));
            variables.keySet().retainAll(step.env().keySet());
            String folder = StepPlace.folder(workspace, "uses", step.uses().substring(2));
            variables.put("GITHUB_ACTION_PATH", Contexts.fact(workspace.pathOf(folder)));
            return file(folder, step).flatMapMany(action -> {
                state.brought(action.steps().size());
                Scope bare = scope.ofAction(workspace.pathOf(folder), Map.of(), variables);
                Map<String, Value> inputs = inputs(action, given, bare.ofCondition());
                Scope inner = scope.ofAction(workspace.pathOf(folder), inputs, variables);
                return Flux.concat(warned(step, action, given),
                        new StepList(work, inner, limit).run(action.steps())
                                .filter(event -> !(event instanceof ExecutionEvent.Step)),
                        Flux.defer(() -> ended(step, action, inner, outputs)));
            });
        });
    }

    private Mono<ActionFile> file(String folder, JobStep step) {
        return Flux.fromIterable(FILES)
                .concatMap(name -> workspace.read(folder + "/" + name, ActionFile.MOST_BYTES).map(
                        content -> ActionFile.read(step.uses() + " (" + name + ")", content, step.id())), 1)
                .next()
                .switchIfEmpty(Mono.error(() -> StepFailure.of("uses: " + step.uses() + " has no " + FILES.getFirst()
                        + "; it is looked for in the sources that an earlier step checked out")));
    }

    private static Map<String, Value> inputs(ActionFile action, Map<String, Value> given, Context context) {
        Map<String, Value> inputs = new LinkedHashMap<>();
        action.inputs().forEach((name, input) -> {
            Value value = given.entrySet().stream().filter(each -> each.getKey().equalsIgnoreCase(name))
                    .map(Map.Entry::getValue).findFirst().orElse(null);
            String preset = input.preset();
            if (value == null && preset == null && input.required()) {
                throw StepFailure.of("with " + name + " is missing: the action can't do without it");
            }
            inputs.put(name, value != null
                    ? value
                    : Scope.text("the default of the input " + name, preset == null ? "" : preset, context));
        });
        return inputs;
    }

    private static Flux<ExecutionEvent> warned(JobStep step, ActionFile action, Map<String, Value> given) {
        List<String> unknown = new ArrayList<>(given.keySet());
        unknown.removeIf(name -> action.inputs().keySet().stream().anyMatch(name::equalsIgnoreCase));
        return unknown.isEmpty()
                ? Flux.empty()
                : Flux.fromIterable(Remark.warning(step.uses() + " has no input " + String.join(", ", unknown)));
    }

    /** Its failure is that of its step, which the log tells of. */
    private Flux<ExecutionEvent> ended(JobStep step, ActionFile action, Scope inner,
            List<Map.Entry<String, String>> outputs) {
        StepFailure failure = inner.results().failure();
        if (failure != null) {
            return Flux.error(failure);
        }
        Context context = inner.ofCondition();
        action.outputs().forEach((name, raw) -> outputs.add(Map.entry(name, state.kept(
                Scope.text("output " + name + " of " + step.uses(), raw, context).text()))));
        return Flux.empty();
    }
}
