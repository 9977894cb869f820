package dev.coxswain.supervisor.coderunner;

import org.jspecify.annotations.Nullable;

/** The server can't start; the message names the configuration key and the way out. */
public final class CoderunnerException extends RuntimeException {
    CoderunnerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
