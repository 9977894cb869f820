package dev.coxswain.supervisor.http;

import org.jspecify.annotations.Nullable;

/**
 * An HTTP call that brought no whole answer. The message names method, path and host, never the token or a body.
 * {@link Failures#isTransient(Throwable)} knows what may be tried again.
 */
public sealed class CallException extends RuntimeException permits AnswerTooLongException {
    public CallException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
