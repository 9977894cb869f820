package dev.coxswain.supervisor.client;

import org.jspecify.annotations.Nullable;

/** What was asked was not done; the message says why and what to do next. Holds no secret. */
public final class AdminException extends RuntimeException {
    /** Whose turn it is. */
    public enum Kind {
        /** Something the caller can mend: an option, a name, a token. */
        USAGE,
        /** Nobody listens there, or whoever did went away. */
        GONE,
        /** Anything else. */
        FAILED
    }

    private final Kind kind;

    AdminException(Kind kind, String message) {
        this(kind, message, null);
    }

    AdminException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
