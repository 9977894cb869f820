package dev.coxswain.supervisor.register;

import org.jspecify.annotations.Nullable;

/** A runner could not be registered; the message says what there is now and what to do, and holds no secret. */
public final class RegisterException extends RuntimeException {
    private final Kind kind;

    /** Whose turn it is. */
    public enum Kind {
        /** what was given can't be used, and nothing was made */
        USAGE,
        /** it went wrong on the way */
        FAILED
    }

    /** @param message one line, for the user */
    public RegisterException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
