package dev.coxswain.executors.actions;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.JobAccess;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.actions.expression.Context;
import reactor.core.publisher.Flux;

/** What a step does, by what it names: a script, or an action (contract shithub-actions 14). */
final class StepWork {
    private static final String HERE = "actions/checkout@v4, actions/setup-python@v5, actions/upload-artifact@v4, actions of the "
            + "repository (./folder) and run";

    private final ActionsTools tools;
    private final JobDocument job;
    private final JobAccess access;
    private final Workspace workspace;
    private final JobState state;

    StepWork(ActionsTools tools, JobDocument job, JobAccess access, Workspace workspace, JobState state) {
        this.tools = tools;
        this.job = job;
        this.access = access;
        this.workspace = workspace;
        this.state = state;
    }

    /** What happens; puts the step's outputs into {@code outputs}. Fails with a {@link StepFailure}. Cancelling stops it. */
    Flux<ExecutionEvent> run(JobStep step, Scope scope, TimeLimit limit, List<Map.Entry<String, String>> outputs) {
        Context context = scope.ofStep(step.env());
        if (step.uses().isEmpty()) {
            return step.script().isBlank()
                    ? Flux.empty()
                    : new ScriptStep(workspace, state).run(step, context, limit, outputs);
        }
        if (step.uses().startsWith("./")) {
            return new CompositeStep(this, workspace, state).run(step, context, scope, limit, outputs);
        }
        return switch (step.uses()) {
            case "actions/checkout@v4" -> new CheckoutStep(workspace, job, access).run(with(step, context), limit);
            case "actions/setup-python@v5" ->
                new PythonStep(workspace, state).run(step.id(), with(step, context), limit, outputs);
            case "actions/upload-artifact@v4" ->
                new UploadStep(workspace, state, tools.files()).run(with(step, context), limit);
            default ->
                Flux.error(StepFailure.of("uses: " + step.uses() + " is not to be had here; there are " + HERE));
        };
    }

    private static Map<String, String> with(JobStep step, Context context) {
        Map<String, String> with = new LinkedHashMap<>();
        step.with().forEach((key, raw) -> with.put(key, Scope.text("with " + key, raw, context).text()));
        return with;
    }
}
