package dev.coxswain.supervisor.config;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with the configuration, with its place. Never holds a secret value.
 *
 * @param file the file as the user named it; a credentials file is named too
 * @param line from 1; 0 when the problem is the file as a whole
 * @param column from 1, in characters; 0 when only the line is known
 * @param key path of the key, for example {@code pools[0].workload.command}; empty for the file as a whole
 * @param message what is wrong
 * @param hint what to do about it
 */
public record Problem(String file, int line, int column, String key, String message, @Nullable String hint) {
    /** {@code fleet.yaml:12:5: pools[0].controlPlan: unknown key; did you mean controlPlane?} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(file);
        if (line > 0) {
            text.append(':').append(line);
        }
        if (column > 0) {
            text.append(':').append(column);
        }
        text.append(": ");
        if (!key.isEmpty()) {
            text.append(key).append(": ");
        }
        text.append(message);
        if (hint != null) {
            text.append("; ").append(hint);
        }
        return text.toString();
    }
}
