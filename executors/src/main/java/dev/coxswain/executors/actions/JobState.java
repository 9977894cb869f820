package dev.coxswain.executors.actions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.actions.expression.Context;
import dev.coxswain.executors.actions.expression.Value;

/** What the steps of a job leave each other. Touched by one step at a time. */
final class JobState {
    /** Of all texts that steps leave in their files; each stays in memory until the job's end. */
    private static final int MOST_CHARS = 8 * EnvFile.MOST_BYTES;

    private final Map<String, Value> steps = new LinkedHashMap<>();
    private final Map<String, String> variables = new LinkedHashMap<>();
    private final List<String> folders = new ArrayList<>();
    private final Map<String, String> artifacts = new LinkedHashMap<>();
    private long chars;
    private @Nullable StepFailure failure;
    private boolean over;

    /** What a step's condition sees of the job. */
    Context.Status status() {
        return failure == null ? Context.Status.SUCCESS : Context.Status.FAILURE;
    }

    /** Why the job fails; null while it does not. */
    @Nullable
    StepFailure failure() {
        return failure;
    }

    /** Whether its time is over, so that no step is run any more. */
    boolean isOver() {
        return over;
    }

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

    void set(String variable, String value) {
        variables.put(variable, kept(value));
    }

    /** The folder is the first of the PATH from now on. */
    void prepend(String folder) {
        folders.remove(kept(folder));
        folders.addFirst(folder);
    }

    /**
     * The same text, counted.
     *
     * @throws StepFailure when there is too much by now
     */
    String kept(String text) {
        chars += text.length();
        if (chars > MOST_CHARS) {
            throw StepFailure.of("the steps of this job left more than " + MOST_CHARS + " characters for each other");
        }
        return text;
    }

    /** @param file relative to the folder of artifacts */
    void artifact(String name, String file) {
        artifacts.put(name, file);
    }

    Map<String, String> artifacts() {
        return artifacts;
    }

    Value steps() {
        return Value.fields(steps);
    }

    Map<String, String> variables() {
        return variables;
    }

    String path() {
        return String.join(":", folders);
    }
}
