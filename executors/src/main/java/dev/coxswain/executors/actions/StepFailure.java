package dev.coxswain.executors.actions;

/** Ends a step that did not do what it was for; what that means for the job is decided where the step was run. */
final class StepFailure extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int MOST_CHARS = 1_000;

    private final int code;
    private final boolean timedOut;
    private final boolean told;

    private StepFailure(int code, boolean timedOut, boolean told, String message) {
        super(line(message), null, false, false);
        this.code = code;
        this.timedOut = timedOut;
        this.told = told;
    }

    /** In our words, which nobody has read yet. */
    static StepFailure of(String message) {
        return new StepFailure(1, false, false, message);
    }

    /** Of a command, whose own words stand in the log already. */
    static StepFailure exited(int code, String message) {
        return new StepFailure(code, false, true, message);
    }

    static StepFailure timedOut(String message) {
        return new StepFailure(1, true, false, message);
    }

    /** The same as the reason of what it happened in, now that the log tells of it. */
    StepFailure in(String what) {
        return new StepFailure(code, timedOut, true, what + " failed: " + text());
    }

    int code() {
        return code;
    }

    /** Whether its time was over. */
    boolean isTimedOut() {
        return timedOut;
    }

    /** Whether the log tells of it. */
    boolean isTold() {
        return told;
    }

    String text() {
        return String.valueOf(getMessage());
    }

    private static String line(String text) {
        String line = text.replaceAll("[\\p{Cc}\\p{Cf}]+", " ").strip();
        return line.length() <= MOST_CHARS ? line : line.substring(0, MOST_CHARS) + "…";
    }
}
