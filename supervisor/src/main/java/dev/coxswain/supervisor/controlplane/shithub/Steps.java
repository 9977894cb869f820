package dev.coxswain.supervisor.controlplane.shithub;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.supervisor.controlplane.StepMark;

/**
 * The steps of one job as its control plane numbers them. A workload names a step by that number ({@code steps[].id}), alone
 * or with a blank and words for people behind it (trap 19). Safe from any thread.
 */
final class Steps {
    private final Map<Long, Step> steps = new LinkedHashMap<>();

    /** What is known of a step. */
    static final class Step {
        final long id;
        @Nullable
        Instant begun;
        @Nullable
        Instant ended;
        ExecutionEvent.@Nullable StepResult result;
        /** Whether the control plane has taken a terminal status. */
        boolean reported;

        Step(long id) {
            this.id = id;
        }
    }

    /** A step's end that the control plane has not taken yet. */
    record Open(long id, Report report) {}

    /**
     * What is told of a step.
     *
     * @param status {@code running}, {@code completed}, {@code cancelled} or {@code skipped}
     * @param conclusion null when the status is not terminal
     */
    record Report(String status, @Nullable String conclusion, @Nullable Instant begun, @Nullable Instant ended) {
        boolean isTerminal() {
            return conclusion != null;
        }
    }

    /** @param ids in their order */
    Steps(List<Long> ids) {
        ids.forEach(id -> steps.put(id, new Step(id)));
    }

    /** The id that a step's name means; null when the job has no such step. */
    @Nullable
    Long id(String name) {
        int blank = name.indexOf(' ');
        String number = blank < 0 ? name : name.substring(0, blank);
        if (!number.matches("[1-9][0-9]{0,18}")) {
            return null;
        }
        try {
            Long id = Long.valueOf(number);
            return steps.containsKey(id) ? id : null;
        } catch (NumberFormatException e) {
            // more than 64 bits
            return null;
        }
    }

    /** A step began or ended. */
    synchronized void add(StepMark mark) {
        Long id = id(mark.step().name());
        Step step = id == null ? null : steps.get(id);
        if (step == null) {
            return;
        }
        switch (mark.step()) {
            case ExecutionEvent.StepStarted started -> step.begun = mark.at();
            case ExecutionEvent.StepEnded(var name, var code, var result) -> {
                step.ended = mark.at();
                step.result = result;
            }
        }
    }

    /** What to tell of a mark; null when the control plane knows the step's end already (section 12). */
    synchronized @Nullable Report report(long id, StepMark mark) {
        Step step = steps.get(id);
        if (step == null || step.reported) {
            return null;
        }
        return switch (mark.step()) {
            case ExecutionEvent.StepStarted started -> new Report("running", null, mark.at(), null);
            case ExecutionEvent.StepEnded(var name, var code, var result) -> ended(result, step.begun, mark.at());
        };
    }

    /** The control plane has taken a step's terminal status. */
    synchronized void reported(long id) {
        Step step = steps.get(id);
        if (step != null) {
            step.reported = true;
        }
    }

    /**
     * The steps whose end was never told, in their order: those that ended as they did, one that was cut short by the job's
     * end with {@code cut}, and those that never began as skipped (trap 23).
     */
    synchronized List<Open> open(String cut, Instant now) {
        return steps.values().stream().filter(step -> !step.reported).map(step -> {
            ExecutionEvent.StepResult result = step.result;
            Instant ended = step.ended;
            if (result != null && ended != null) {
                return new Open(step.id, ended(result, step.begun, ended));
            }
            return new Open(step.id, step.begun == null
                    ? new Report("skipped", "skipped", null, null)
                    : new Report("completed", cut, step.begun, later(step.begun, now)));
        }).toList();
    }

    private static Report ended(ExecutionEvent.StepResult result, @Nullable Instant begun, Instant ended) {
        return switch (result) {
            case SUCCEEDED -> new Report("completed", "success", begun, later(begun, ended));
            case FAILED -> new Report("completed", "failure", begun, later(begun, ended));
            case TIMED_OUT -> new Report("completed", "timed_out", begun, later(begun, ended));
            case CANCELLED -> new Report("cancelled", "cancelled", begun, later(begun, ended));
            case SKIPPED -> new Report("skipped", "skipped", null, null);
        };
    }

    /** A wall clock may go back. */
    private static Instant later(@Nullable Instant begun, Instant ended) {
        return begun != null && begun.isAfter(ended) ? begun : ended;
    }
}
