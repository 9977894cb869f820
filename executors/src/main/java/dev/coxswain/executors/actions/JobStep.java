package dev.coxswain.executors.actions;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * One step, of the claim (contract shithub-actions 4) or of an action; texts are raw, with their expressions.
 *
 * @param id of a step of the claim its number at the control plane, by which it is reported (trap 19); of one of an action that
 *        of the step that uses it, and its own place
 * @param key by which other steps name it; may be empty
 * @param shell what runs the script; empty for what the host has
 * @param timeout of this step alone; null for none
 */
record JobStep(String id, String key, String name, String condition, String script, String shell, String uses,
        String workingDirectory, Map<String, String> env, Map<String, String> with, boolean continuesOnError,
        @Nullable Duration timeout) {
    private static final int SHOWN = 200;

    /** For people; the control plane shows its own name of the step. */
    String title() {
        String what = !name.isBlank() ? name : !uses.isBlank() ? uses : script;
        String line = what.strip().lines().findFirst().orElse("").replaceAll("[\\p{Cc}\\p{Cf}]+", " ");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
    }

    /** Hides all but what it is known by: values may be secrets. */
    @Override
    public String toString() {
        return "JobStep[" + id + "]";
    }
}
