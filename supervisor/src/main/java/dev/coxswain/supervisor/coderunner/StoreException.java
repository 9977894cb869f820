package dev.coxswain.supervisor.coderunner;

import org.jspecify.annotations.Nullable;

/** The store can't be used; the message names the file and what to do. */
final class StoreException extends RuntimeException {
    StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
