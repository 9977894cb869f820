package dev.coxswain.executors.actions;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Job;
import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.actions.expression.Condition;
import dev.coxswain.executors.actions.expression.ExpressionException;
import reactor.core.publisher.Flux;

/** One job from its secrets to its end. */
final class ActionsRun {
    private final ActionsTools tools;
    private final JobDocument job;
    private final Workspace workspace;
    private final JobState state = new JobState();
    private final Scope scope;
    private final StepList steps;

    ActionsRun(ActionsTools tools, Job leased, JobDocument job, Workspace workspace) {
        this.tools = tools;
        this.job = job;
        this.workspace = workspace;
        this.scope = Scope.ofJob(job, workspace.pathOf(StepPlace.WORK), state);
        this.steps = new StepList(new StepWork(tools, job, leased.access(), workspace, state), scope,
                tools.limit(job.timeout()));
    }

    /** What happens, to the end. */
    Flux<ExecutionEvent> run() {
        return Flux.concat(secrets(), Flux.defer(() -> wanted() ? steps() : steps.skip(job.steps())),
                Flux.defer(() -> Flux.just(new ExecutionEvent.Ended(result()))));
    }

    /** All that the control plane calls secret, however short, before anything can write it (contract shithub-actions 13). */
    private Flux<ExecutionEvent> secrets() {
        return Flux.fromStream(() -> Stream.concat(job.masks().stream(), job.secrets().values().stream())
                .filter(each -> !each.isEmpty()).distinct().map(ExecutionEvent.SecretLearnt::new));
    }

    /** A job is never reported as skipped: the control plane takes no such end (trap 22). */
    private boolean wanted() {
        try {
            return Condition.parse(job.condition()).holds(scope.ofJobCondition());
        } catch (ExpressionException e) {
            state.results().failed(StepFailure.of("the job's if: " + e.getMessage()));
            return false;
        }
    }

    private Flux<ExecutionEvent> steps() {
        byte[] event = job.event().isObject()
                ? job.event().toString().getBytes(StandardCharsets.UTF_8)
                : new byte[]{'{', '}'};
        return StepPlace.open(workspace, event).thenMany(steps.run(job.steps()));
    }

    private JobResult result() {
        StepFailure failure = state.results().failure();
        if (failure == null) {
            return new JobResult.Succeeded(tools.document(state.artifacts()), StepPlace.ARTIFACTS);
        }
        return state.results().isOver()
                ? new JobResult.TimedOut(failure.text(), left())
                : new JobResult.Failed(failure.text(), left());
    }

    /** An upload that was done is an upload, whatever came after it. */
    private JobResult.@Nullable Left left() {
        return state.artifacts().isEmpty()
                ? null
                : new JobResult.Left(tools.document(state.artifacts()), StepPlace.ARTIFACTS);
    }
}
