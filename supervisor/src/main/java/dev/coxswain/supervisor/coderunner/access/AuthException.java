package dev.coxswain.supervisor.coderunner.access;

import org.jspecify.annotations.Nullable;

/** Authentication can't work as configured; the message names the key and the file. */
public final class AuthException extends RuntimeException {
    AuthException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
