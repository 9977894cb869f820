package dev.coxswain.executors.actions;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.ExecutionEvent.StepResult;
import dev.coxswain.executors.WorkspaceException;
import dev.coxswain.executors.actions.expression.Condition;
import dev.coxswain.executors.actions.expression.ExpressionException;
import reactor.core.publisher.Flux;

/**
 * The steps of a job, or of an action in it, one after the other: whether each is run, and what it means for the others and for
 * the list when one fails. What they came to is in the scope.
 */
final class StepList {
    private final StepWork work;
    private final Scope scope;
    private final StepResults results;
    private final TimeLimit limit;

    /** @param limit of the whole list */
    StepList(StepWork work, Scope scope, TimeLimit limit) {
        this.work = work;
        this.scope = scope;
        this.results = scope.results();
        this.limit = limit;
    }

    /** What happens in each of them, also in those that are not run. */
    Flux<ExecutionEvent> run(List<JobStep> steps) {
        return Flux.fromIterable(steps).concatMap(this::step, 1);
    }

    /** None of them is run. */
    Flux<ExecutionEvent> skip(List<JobStep> steps) {
        return Flux.fromIterable(steps).concatMapIterable(step -> left(step, StepResult.SKIPPED));
    }

    private Flux<ExecutionEvent> step(JobStep step) {
        return Flux.defer(() -> {
            if (results.isOver() || limit.isOver()) {
                if (!results.isOver()) {
                    results.timedOut(limit.over());
                }
                return Flux.fromIterable(left(step, StepResult.CANCELLED));
            }
            boolean wanted;
            try {
                wanted = wanted(step);
            } catch (StepFailure e) {
                return Flux.concat(started(step), failed(step, e, false, List.of()));
            }
            return wanted
                    ? Flux.concat(started(step), begun(step))
                    : Flux.fromIterable(left(step, StepResult.SKIPPED));
        });
    }

    /** Nothing of a list that failed is looked at but conditions that ask for that. */
    private boolean wanted(JobStep step) {
        try {
            return Condition.parse(step.condition()).holds(scope.ofCondition());
        } catch (ExpressionException e) {
            throw StepFailure.of("if: " + e.getMessage());
        }
    }

    private List<ExecutionEvent> left(JobStep step, StepResult how) {
        results.ended(step, word(how), word(how), List.of());
        return List.of(new ExecutionEvent.StepStarted(step.id(), step.title()),
                new ExecutionEvent.StepEnded(step.id(), 0, how));
    }

    private static String word(StepResult how) {
        return switch (how) {
            case SUCCEEDED -> "success";
            case FAILED, TIMED_OUT -> "failure";
            case CANCELLED, SKIPPED -> how.name().toLowerCase(Locale.ROOT);
        };
    }

    private static Flux<ExecutionEvent> started(JobStep step) {
        return Flux.just(new ExecutionEvent.StepStarted(step.id(), step.title()));
    }

    private Flux<ExecutionEvent> begun(JobStep step) {
        List<Map.Entry<String, String>> outputs = new ArrayList<>();
        TimeLimit own = limit.ofStep(step.timeout());
        return Flux.defer(() -> work.run(step, scope, own, outputs))
                .onErrorMap(WorkspaceException.class, e -> StepFailure.of(String.valueOf(e.getMessage())))
                .concatWith(Flux.defer(() -> {
                    results.ended(step, "success", "success", outputs);
                    return Flux.just(new ExecutionEvent.StepEnded(step.id(), 0));
                })).onErrorResume(StepFailure.class, failure -> failed(step, failure, own.outerEndsFirst(), outputs));
    }

    /** A time that is over counts also in a step that may fail (contract shithub-actions 14). */
    private Flux<ExecutionEvent> failed(JobStep step, StepFailure failure, boolean ourTime,
            List<Map.Entry<String, String>> outputs) {
        boolean timedOut = failure.isTimedOut();
        boolean counts = timedOut || !step.continuesOnError();
        if (timedOut && ourTime) {
            results.timedOut(failure.in("step " + step.title()));
        } else if (counts) {
            results.failed(failure.in("step " + step.title()));
        }
        results.ended(step, "failure", counts ? "failure" : "success", outputs);
        ExecutionEvent end = new ExecutionEvent.StepEnded(step.id(), failure.code(),
                timedOut ? StepResult.TIMED_OUT : StepResult.FAILED);
        return failure.isTold()
                ? Flux.just(end)
                : Flux.fromIterable(Remark.error(failure.text())).concatWithValues(end);
    }
}
