package dev.coxswain.supervisor.functions;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/** What was asked of a Coderunner was not done; the message says why, and holds no secret. */
public final class CoderunnerException extends RuntimeException {
    private final Kind kind;
    private final int status;
    private final transient @Nullable Duration retryAfter;
    private @Nullable String execution;

    /** What that means for the caller. */
    public enum Kind {
        /** something the caller can mend: an option, a file, a token, a name */
        USAGE,
        /** it was refused, or went wrong */
        FAILED,
        /** nothing was sent: no connection was made */
        UNSENT,
        /** it is unknown whether it was done: the answer was lost */
        UNCLEAR
    }

    CoderunnerException(Kind kind, String message) {
        this(kind, message, 0, null);
    }

    /** @param status of the answer; 0 when there was none */
    CoderunnerException(Kind kind, String message, int status, @Nullable Throwable cause) {
        this(kind, message, status, cause, null);
    }

    /** @param retryAfter the server's wish; null when it said none */
    CoderunnerException(Kind kind, String message, int status, @Nullable Throwable cause,
            @Nullable Duration retryAfter) {
        super(message, cause);
        this.kind = kind;
        this.status = status;
        this.retryAfter = retryAfter;
    }

    public Kind kind() {
        return kind;
    }

    /** The status of the answer; 0 when there was none. */
    int status() {
        return status;
    }

    /** The same of an execution. */
    CoderunnerException of(@Nullable String name) {
        execution = name;
        return this;
    }

    /** The execution that it is about; null when it is about none. */
    public @Nullable String execution() {
        return execution;
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }
}
