package dev.coxswain.executors.flutter;

import java.util.regex.Pattern;

/** A git command that did not do what it was for; what it means is decided where it was run. */
final class GitFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int code;
    private final boolean timedOut;
    private final String said;

    /** @param what did not come about, for people */
    GitFailure(String what, CommandOutput output) {
        super(what, null, false, false);
        this.code = output.end().code();
        this.timedOut = output.end().timedOut();
        this.said = output.failure();
    }

    int code() {
        return code;
    }

    boolean timedOut() {
        return timedOut;
    }

    boolean matches(Pattern words) {
        return !timedOut && words.matcher(said).find();
    }

    String text() {
        return getMessage() + ": git ended with " + said;
    }
}
