package dev.coxswain.executors.actions;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.actions.expression.Context;
import dev.coxswain.executors.actions.expression.Value;

/** What the steps of one list came to so far: of a job, or of an action in it. Touched by one step at a time. */
final class StepResults {
    private final Map<String, Value> steps = new LinkedHashMap<>();
    private @Nullable StepFailure failure;
    private boolean over;

    /** What a step's condition sees. */
    Context.Status status() {
        return failure == null ? Context.Status.SUCCESS : Context.Status.FAILURE;
    }

    /** Why the list fails; null while it does not. */
    @Nullable
    StepFailure failure() {
        return failure;
    }

    /** Whether its time is over, so that no step of it is run any more. */
    boolean isOver() {
        return over;
    }

    /** The first failure is the list's. */
    void failed(StepFailure why) {
        failure = failure == null ? why : failure;
    }

    void timedOut(StepFailure why) {
        failure = why;
        over = true;
    }

    /** Whatever a step leaves may come from a stranger's text that it saw. */
    void ended(JobStep step, String outcome, String conclusion, List<Map.Entry<String, String>> outputs) {
        Map<String, Value> values = new LinkedHashMap<>();
        outputs.forEach(each -> values.put(each.getKey(), Value.foreign(each.getValue())));
        if (!step.key().isEmpty()) {
            steps.put(step.key(), Value.fields(Map.of("outputs", Value.fields(values), "outcome", Value.text(outcome),
                    "conclusion", Value.text(conclusion))));
        }
    }

    /** The context {@code steps}. */
    Value values() {
        return Value.fields(steps);
    }
}
