package dev.coxswain.supervisor.logs;

import org.jspecify.annotations.Nullable;

/** A job's log could not be taken in; the message is one line that the job's owner understands. */
public final class LogException extends RuntimeException {
    public LogException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
