package dev.coxswain.executors.actions;

/** Ends a step that did not do what it was for; what that means for the job is decided where the step was run. */
final class StepFailure extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int MOST_CHARS = 1_000;

    /** Whose words tell of it. */
    enum Kind {
        /** a command's own, which stand in the log already */
        TOLD,
        /** ours alone */
        UNTOLD,
        /** its time was over */
        TIMED_OUT
    }

    private final Kind kind;
    private final int code;

    private StepFailure(Kind kind, int code, String message) {
        super(line(message), null, false, false);
        this.kind = kind;
        this.code = code;
    }

    static StepFailure of(String message) {
        return new StepFailure(Kind.UNTOLD, 1, message);
    }

    static StepFailure exited(int code, String message) {
        return new StepFailure(Kind.TOLD, code, message);
    }

    static StepFailure timedOut(String message) {
        return new StepFailure(Kind.TIMED_OUT, 1, message);
    }

    Kind kind() {
        return kind;
    }

    int code() {
        return code;
    }

    String text() {
        return String.valueOf(getMessage());
    }

    private static String line(String text) {
        String line = text.replaceAll("[\\p{Cc}\\p{Cf}]+", " ").strip();
        return line.length() <= MOST_CHARS ? line : line.substring(0, MOST_CHARS) + "…";
    }
}
