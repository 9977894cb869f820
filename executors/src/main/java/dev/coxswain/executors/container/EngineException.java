package dev.coxswain.executors.container;

import org.jspecify.annotations.Nullable;

/** The engine refused something, or answered what cannot be understood; the message is its own, shortened. */
final class EngineException extends RuntimeException {
    private final int status;

    /** @param status of HTTP; 0 when the answer itself is no good */
    EngineException(int status, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    EngineException(int status, String message) {
        this(status, message, null);
    }

    int status() {
        return status;
    }

    boolean isNotFound() {
        return status == 404;
    }
}
