package dev.coxswain.executors.git;

/** A repository, commit or branch that git is not told of, since it may be no such thing. The message is for the job's owner. */
public final class GitRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    GitRefusedException(String message) {
        super(message, null, false, false);
    }
}
