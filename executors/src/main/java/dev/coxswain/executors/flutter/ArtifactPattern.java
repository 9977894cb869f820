package dev.coxswain.executors.flutter;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.Glob;

/**
 * Names files of a checkout: {@code *} and {@code ?} within a segment, {@code **} for any number of segments; without a
 * slash it is the name of a file anywhere.
 */
final class ArtifactPattern {
    private static final int MOST_CHARS = 512;

    private final String text;
    private final boolean anywhere;
    private final Glob glob;

    private ArtifactPattern(String text) {
        this.text = text;
        this.anywhere = text.indexOf('/') < 0;
        this.glob = new Glob(text);
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
        return glob.matches(anywhere ? path.substring(path.lastIndexOf('/') + 1) : path);
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
