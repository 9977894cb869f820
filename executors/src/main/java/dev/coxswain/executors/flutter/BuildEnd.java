package dev.coxswain.executors.flutter;

import dev.coxswain.executors.JobResult;

/** Ends a build before its last stage: carries the result through the stream, past everything that would have followed. */
final class BuildEnd extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int MOST_CHARS = 1_500;

    private final transient JobResult result;

    private BuildEnd(String message, JobResult result) {
        super(message, null, false, false);
        this.result = result;
    }

    /** The build failed; the message becomes one printable line. */
    static BuildEnd failed(String message) {
        String line = line(message);
        return new BuildEnd(line, new JobResult.Failed(line));
    }

    static BuildEnd timedOut(String message) {
        String line = line(message);
        return new BuildEnd(line, new JobResult.TimedOut(line));
    }

    JobResult result() {
        return result;
    }

    private static String line(String text) {
        String line = text.replaceAll("[\\p{Cc}\\p{Cf}]+", " ").strip();
        return line.length() <= MOST_CHARS ? line : line.substring(0, MOST_CHARS) + "…";
    }
}
