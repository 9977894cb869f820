package dev.coxswain.executors;

import org.jspecify.annotations.Nullable;

/** A workspace or a command could not do what it was asked; the message names the place and is fit for the job's owner. */
public final class WorkspaceException extends RuntimeException {
    public WorkspaceException(String message) {
        super(message);
    }

    public WorkspaceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
