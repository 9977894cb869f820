package dev.coxswain.executors;

import java.util.regex.Pattern;

/** What jobs are called here: the name of a folder, and part of other names. */
public final class JobKeys {
    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");

    private JobKeys() {}

    /** Whether it leads nowhere as the name of a folder, and hides nothing. */
    public static boolean isSafe(String jobKey) {
        return SAFE.matcher(jobKey).matches();
    }

    /** Fails with a {@link WorkspaceException} that shows the key when it is not safe. */
    public static void requireSafe(String jobKey) {
        if (!isSafe(jobKey)) {
            throw new WorkspaceException("the job key is no safe name of a folder: " + jobKey.replaceAll("\\W", "?"));
        }
    }
}
