package dev.coxswain.supervisor.controlplane.xenonflare;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** The rules for names (contract xenonflare-studio 5; the vendor's own are unknown, these are the workspace files'). */
final class ArtifactPaths {
    private static final int MOST_FOLDERS = 4;
    private static final int MOST_PART = 48;
    private static final int MOST_FILE = 1_024;
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9._-]+");

    private ArtifactPaths() {}

    /** What is wrong with this name at the control plane, or null. */
    static @Nullable String problem(String path) {
        if (path.isEmpty() || path.length() > (MOST_FOLDERS + 1) * (MOST_PART + 1)) {
            return "is empty or too long";
        }
        String[] parts = path.split("/", -1);
        if (parts.length > MOST_FOLDERS + 1) {
            return "has more than " + MOST_FOLDERS + " folders";
        }
        for (String part : parts) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return "must be relative, without empty parts, '.' and '..'";
            }
            if (part.length() > MOST_PART) {
                return "has a part of more than " + MOST_PART + " characters";
            }
            if (!PART.matcher(part).matches()) {
                return "may hold only letters, digits, '.', '_', '-' and '/'";
            }
        }
        return ContentTypes.extension(path) == null ? "needs an extension that fits its type" : null;
    }

    /**
     * What is wrong with the name of a file in the result's folder, or null. Its characters are the job's business, as the
     * name never leaves this host; whether it stays in the folder is not (the workspace checks links too).
     */
    static @Nullable String fileProblem(String file) {
        if (file.isEmpty() || file.length() > MOST_FILE) {
            return "is empty or too long";
        }
        if (file.indexOf('\\') >= 0 || file.chars().anyMatch(Character::isISOControl)) {
            return "has a character that a file name here can't have";
        }
        for (String part : file.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return "must be relative to the result's folder, without empty parts, '.' and '..'";
            }
        }
        return null;
    }
}
