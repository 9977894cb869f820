package dev.coxswain.executors;

import java.util.List;

/**
 * Names paths: {@code *} and {@code ?} within a segment, {@code **} for any number of segments. Matching takes time
 * proportional to pattern times path, whatever the pattern.
 */
public final class Glob {
    private static final String ANY_DEPTH = "**";

    private final List<String> segments;

    /** Of a pattern with slashes between its segments. */
    public Glob(String pattern) {
        this.segments = List.of(pattern.split("/", -1));
    }

    /** Whether a whole path, with slashes, is one of those. */
    public boolean matches(String path) {
        return all(path.split("/", -1));
    }

    /** One row for each segment of the pattern: which beginnings of the path it matches together with those before it. */
    private boolean all(String[] parts) {
        boolean[] row = new boolean[parts.length + 1];
        row[0] = true;
        for (String segment : segments) {
            boolean[] next = new boolean[parts.length + 1];
            boolean deep = segment.equals(ANY_DEPTH);
            next[0] = deep && row[0];
            for (int i = 1; i <= parts.length; i++) {
                next[i] = deep ? row[i] || next[i - 1] : row[i - 1] && one(segment, parts[i - 1]);
            }
            row = next;
        }
        return row[parts.length];
    }

    /** Goes back to the last star only: one earlier cannot do better. */
    private static boolean one(String glob, String name) {
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
}
