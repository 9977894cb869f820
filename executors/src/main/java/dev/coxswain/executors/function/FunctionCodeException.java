package dev.coxswain.executors.function;

import org.jspecify.annotations.Nullable;

/** What was uploaded can't be run; the message is for its owner and names the place. */
public final class FunctionCodeException extends Exception {
    private static final long serialVersionUID = 1;

    public FunctionCodeException(String message) {
        super(message);
    }

    public FunctionCodeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
