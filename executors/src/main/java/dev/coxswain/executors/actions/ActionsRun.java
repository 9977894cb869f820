package dev.coxswain.executors.actions;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.ExecutionEvent.StepResult;
import dev.coxswain.executors.Job;
import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import dev.coxswain.executors.actions.expression.Condition;
import dev.coxswain.executors.actions.expression.Context;
import dev.coxswain.executors.actions.expression.ExpressionException;
import reactor.core.publisher.Flux;

/** One job, step after step; what one leaves, the next ones see. */
final class ActionsRun {
    private static final int LEAST_SECRET = 6;

    private final ActionsTools tools;
    private final Job leased;
    private final JobDocument job;
    private final Workspace workspace;
    private final Contexts contexts;
    private final TimeLimit limit;
    private final JobState state = new JobState();

    ActionsRun(ActionsTools tools, Job leased, JobDocument job, Workspace workspace) {
        this.tools = tools;
        this.leased = leased;
        this.job = job;
        this.workspace = workspace;
        this.contexts = new Contexts(job, workspace.pathOf(StepPlace.WORK));
        this.limit = tools.limit(job.timeout());
    }

    /** What happens, to the end. */
    Flux<ExecutionEvent> run() {
        return Flux.concat(secrets(), Flux.defer(() -> wanted() ? steps() : skipAll()),
                Flux.defer(() -> Flux.just(ended())));
    }

    /** All that the control plane calls secret, before anything can write it. */
    private Flux<ExecutionEvent> secrets() {
        return Flux.fromStream(() -> Stream.concat(job.masks().stream(), job.secrets().values().stream())
                .filter(each -> each.length() >= LEAST_SECRET).distinct().map(ExecutionEvent.SecretLearnt::new));
    }

    /** A job is never reported as skipped: the control plane takes no such end (trap 22). */
    private boolean wanted() {
        try {
            return Condition.parse(job.condition()).holds(contexts.ofJob());
        } catch (ExpressionException e) {
            state.failed(StepFailure.of("the job's if: " + e.getMessage()));
            return false;
        }
    }

    private Flux<ExecutionEvent> skipAll() {
        return Flux.fromIterable(job.steps()).concatMapIterable(step -> unrun(step, StepResult.SKIPPED));
    }

    private Flux<ExecutionEvent> steps() {
        byte[] event = job.event().isObject()
                ? job.event().toString().getBytes(StandardCharsets.UTF_8)
                : new byte[]{'{', '}'};
        return StepPlace.open(workspace, event).thenMany(Flux.fromIterable(job.steps()).concatMap(this::step, 1));
    }

    private Flux<ExecutionEvent> step(JobStep step) {
        return Flux.defer(() -> {
            if (state.isOver() || limit.isOver()) {
                if (!state.isOver()) {
                    state.timedOut(limit.over());
                }
                return left(step, StepResult.CANCELLED);
            }
            boolean wanted;
            try {
                wanted = wanted(step);
            } catch (StepFailure e) {
                return Flux.concat(started(step), failed(step, e, false, List.of()));
            }
            return wanted ? Flux.concat(started(step), begun(step)) : left(step, StepResult.SKIPPED);
        });
    }

    /** Nothing of a job that failed is looked at but conditions that ask for that. */
    private boolean wanted(JobStep step) {
        try {
            Condition condition = Condition.parse(step.condition());
            return condition.holds(contexts.ofCondition(state));
        } catch (ExpressionException e) {
            throw StepFailure.of("if: " + e.getMessage());
        }
    }

    private Flux<ExecutionEvent> left(JobStep step, StepResult how) {
        state.ended(step, word(how), word(how), List.of());
        return Flux.fromIterable(unrun(step, how));
    }

    private static List<ExecutionEvent> unrun(JobStep step, StepResult how) {
        String name = Long.toString(step.id());
        return List.of(new ExecutionEvent.StepStarted(name, step.title()), new ExecutionEvent.StepEnded(name, 0, how));
    }

    private static String word(StepResult how) {
        return switch (how) {
            case SUCCEEDED -> "success";
            case FAILED, TIMED_OUT -> "failure";
            case CANCELLED, SKIPPED -> how.name().toLowerCase(Locale.ROOT);
        };
    }

    private static Flux<ExecutionEvent> started(JobStep step) {
        return Flux.just(new ExecutionEvent.StepStarted(Long.toString(step.id()), step.title()));
    }

    private Flux<ExecutionEvent> begun(JobStep step) {
        List<Map.Entry<String, String>> outputs = new ArrayList<>();
        TimeLimit own = limit.ofStep(step.timeout());
        return Flux.defer(() -> action(step, own, outputs))
                .onErrorMap(WorkspaceException.class, e -> StepFailure.of(String.valueOf(e.getMessage())))
                .concatWith(Flux.defer(() -> {
                    state.ended(step, "success", "success", outputs);
                    return Flux.just(new ExecutionEvent.StepEnded(Long.toString(step.id()), 0));
                })).onErrorResume(StepFailure.class, failure -> failed(step, failure, own.isTheJobs(), outputs));
    }

    private Flux<ExecutionEvent> action(JobStep step, TimeLimit own, List<Map.Entry<String, String>> outputs) {
        Context context = contexts.ofStep(state, step.env());
        if (step.uses().isEmpty()) {
            return step.script().isBlank()
                    ? Flux.empty()
                    : new ScriptStep(workspace, state).run(step, context, own, outputs);
        }
        Map<String, String> with = new LinkedHashMap<>();
        step.with().forEach((key, raw) -> with.put(key, Contexts.text("with " + key, raw, context)));
        return switch (step.uses()) {
            case "actions/checkout@v4" -> new CheckoutStep(workspace, job, leased.access()).run(with, own);
            case "actions/upload-artifact@v4" -> new UploadStep(workspace, state, tools.files()).run(with, own);
            default -> Flux.error(StepFailure.of("uses: " + step.uses() + " is not to be had here; there are "
                    + "actions/checkout@v4, actions/upload-artifact@v4 and run"));
        };
    }

    /** A time that is over counts also in a step that may fail (contract shithub-actions 14). */
    private Flux<ExecutionEvent> failed(JobStep step, StepFailure failure, boolean jobsTime,
            List<Map.Entry<String, String>> outputs) {
        String name = Long.toString(step.id());
        StepFailure told = StepFailure.of("step " + step.title() + " failed: " + failure.text());
        boolean timedOut = failure.kind() == StepFailure.Kind.TIMED_OUT;
        boolean counts = timedOut || !step.continuesOnError();
        if (timedOut && jobsTime) {
            state.timedOut(told);
        } else if (counts) {
            state.failed(told);
        }
        state.ended(step, "failure", counts ? "failure" : "success", outputs);
        ExecutionEvent end = new ExecutionEvent.StepEnded(name, failure.code(),
                timedOut ? StepResult.TIMED_OUT : StepResult.FAILED);
        return failure.kind() == StepFailure.Kind.TOLD
                ? Flux.just(end)
                : Flux.just(new ExecutionEvent.Annotation(ExecutionEvent.Annotation.Level.ERROR, failure.text(), "", 0),
                        LogCommands.error(failure.text()), end);
    }

    private ExecutionEvent ended() {
        StepFailure failure = state.failure();
        if (failure != null) {
            return new ExecutionEvent.Ended(state.isOver()
                    ? new JobResult.TimedOut(failure.text())
                    : new JobResult.Failed(failure.text()));
        }
        return new ExecutionEvent.Ended(
                new JobResult.Succeeded(tools.document(state.artifacts()), StepPlace.ARTIFACTS));
    }
}
