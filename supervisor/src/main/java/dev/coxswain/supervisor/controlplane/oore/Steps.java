package dev.coxswain.supervisor.controlplane.oore;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.supervisor.controlplane.StepMark;
import tools.jackson.databind.node.ArrayNode;

/** The steps of a build as the terminal report lists them (contract oore-ci 6). Keeps {@value #MOST}. */
final class Steps {
    static final int MOST = 1_000;

    private final List<Ended> ended = new ArrayList<>();
    private @Nullable StepMark open;

    private record Ended(String name, ExecutionEvent.StepResult result, int exitCode, Instant from, Instant to) {}

    synchronized void add(StepMark mark) {
        switch (mark.step()) {
            case ExecutionEvent.StepStarted started -> open = mark;
            case ExecutionEvent.StepEnded(var name, var code, var result) -> {
                StepMark begun = open;
                open = null;
                Instant from = begun == null || !begun.step().name().equals(name) ? mark.at() : begun.at();
                if (ended.size() < MOST) {
                    ended.add(new Ended(name, result, code, from, mark.at()));
                }
            }
        }
    }

    /** Times are whole seconds, the duration is in milliseconds. One that never ended was cut short by the job's end. */
    synchronized ArrayNode write(ArrayNode array, Instant now) {
        ended.forEach(step -> write(array, step));
        StepMark cut = open;
        if (cut != null) {
            write(array, new Ended(cut.step().name(), ExecutionEvent.StepResult.FAILED, -1, cut.at(), now));
        }
        return array;
    }

    private static void write(ArrayNode array, Ended step) {
        array.addObject().put("name", step.name).put("status", word(step.result)).put("exit_code", step.exitCode)
                .put("started_at", step.from.getEpochSecond()).put("finished_at", step.to.getEpochSecond())
                .put("duration_ms", Math.max(0, step.to.toEpochMilli() - step.from.toEpochMilli()));
    }

    /** What the web page knows (contract oore-ci 7, 12). */
    static String word(ExecutionEvent.StepResult result) {
        return switch (result) {
            case CANCELLED -> "canceled";
            case TIMED_OUT -> "failed";
            case SUCCEEDED, FAILED, SKIPPED -> result.name().toLowerCase(Locale.ROOT);
        };
    }
}
