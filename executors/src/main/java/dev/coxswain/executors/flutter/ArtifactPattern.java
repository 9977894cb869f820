package dev.coxswain.executors.flutter;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Names files of a checkout: {@code *} and {@code ?} within a segment, {@code **} for any number of segments; without a
 * slash it is the name of a file anywhere. Matching takes time proportional to pattern times path, whatever the pattern.
 */
final class ArtifactPattern {
    private static final int MOST_CHARS = 512;
    private static final String ANY_DEPTH = "**";

    private final String text;
    private final List<String> segments;

    private ArtifactPattern(String text) {
        this.text = text;
        this.segments = List.of(text.split("/", -1));
    }

    /**
     * Reads a pattern.
     *
     * @param place named in the message
     * @throws BuildEnd when it is not allowed
     */
    static ArtifactPattern of(String written, String place) {
        String text = written.strip();
        String problem = problem(text);
        if (problem != null) {
            throw BuildEnd.failed(place + " " + problem);
        }
        return new ArtifactPattern(text);
    }

    private static @Nullable String problem(String text) {
        if (text.isEmpty()) {
            return "is empty";
        }
        if (text.length() > MOST_CHARS) {
            return "is longer than " + MOST_CHARS + " characters";
        }
        if (text.indexOf('*') < 0 && text.indexOf('?') < 0) {
            return "must contain * or ?";
        }
        if (text.startsWith("/") || text.indexOf('\\') >= 0) {
            return "must be relative to the checkout, with / between its parts";
        }
        for (String segment : text.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return "must have no part that is empty, . or ..";
            }
        }
        return null;
    }

    /** @param path relative to the checkout, with slashes */
    boolean matches(String path) {
        String[] parts = path.split("/", -1);
        return segments.size() == 1 ? matches(text, parts[parts.length - 1]) : matches(parts);
    }

    /** One row for each segment of the pattern: which beginnings of the path it matches together with those before it. */
    private boolean matches(String[] parts) {
        boolean[] row = new boolean[parts.length + 1];
        row[0] = true;
        for (String segment : segments) {
            boolean[] next = new boolean[parts.length + 1];
            boolean deep = segment.equals(ANY_DEPTH);
            next[0] = deep && row[0];
            for (int i = 1; i <= parts.length; i++) {
                next[i] = deep ? row[i] || next[i - 1] : row[i - 1] && matches(segment, parts[i - 1]);
            }
            row = next;
        }
        return row[parts.length];
    }

    /** Goes back to the last star only: one earlier cannot do better. */
    private static boolean matches(String glob, String name) {
        int g = 0;
        int n = 0;
        int star = -1;
        int retry = 0;
        while (n < name.length()) {
            if (g < glob.length() && glob.charAt(g) == '*') {
                star = g++;
                retry = n;
            } else if (g < glob.length() && (glob.charAt(g) == '?' || glob.charAt(g) == name.charAt(n))) {
                g++;
                n++;
            } else if (star >= 0) {
                g = star + 1;
                n = ++retry;
            } else {
                return false;
            }
        }
        while (g < glob.length() && glob.charAt(g) == '*') {
            g++;
        }
        return g == glob.length();
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
