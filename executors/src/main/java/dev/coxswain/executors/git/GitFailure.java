package dev.coxswain.executors.git;

import java.util.regex.Pattern;

import dev.coxswain.executors.CommandOutput;

/** A git command that did not do what it was for; what it means is decided where it was run. */
public final class GitFailure extends RuntimeException {
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

    /** Its exit code. */
    public int code() {
        return code;
    }

    /** Whether its time was over. */
    public boolean timedOut() {
        return timedOut;
    }

    boolean matches(Pattern words) {
        return !timedOut && words.matcher(said).find();
    }

    /** What did not come about and what git said last, for people; not masked yet. */
    public String text() {
        return getMessage() + ": git ended with " + said;
    }
}
