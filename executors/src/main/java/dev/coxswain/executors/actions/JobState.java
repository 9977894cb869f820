package dev.coxswain.executors.actions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the steps of a job leave each other, those of actions included. Touched by one step at a time. */
final class JobState {
    /** Of all texts that steps leave in their files; each stays in memory until the job's end. */
    private static final int MOST_CHARS = 8 * EnvFile.MOST_BYTES;
    /** That actions bring; they may use each other, again and again. */
    static final int MOST_STEPS = 1_000;

    private final StepResults results = new StepResults();
    private final Map<String, String> variables = new LinkedHashMap<>();
    private final List<String> folders = new ArrayList<>();
    private final Map<String, String> artifacts = new LinkedHashMap<>();
    private long chars;
    private int brought;

    /** Of the job's own steps. */
    StepResults results() {
        return results;
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

    /**
     * An action is begun that has so many steps.
     *
     * @throws StepFailure when there are too many by now
     */
    void brought(int steps) {
        brought += steps;
        if (brought > MOST_STEPS) {
            throw StepFailure.of("the actions of this job have more than " + MOST_STEPS + " steps");
        }
    }

    /** @param file relative to the folder of artifacts */
    void artifact(String name, String file) {
        artifacts.put(name, file);
    }

    Map<String, String> artifacts() {
        return artifacts;
    }

    Map<String, String> variables() {
        return variables;
    }

    String path() {
        return String.join(":", folders);
    }
}
