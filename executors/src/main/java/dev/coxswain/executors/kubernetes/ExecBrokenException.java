package dev.coxswain.executors.kubernetes;

import org.jspecify.annotations.Nullable;

/** The connection of an exec ended before the exec did, or never came about; what became of the command is not known. */
final class ExecBrokenException extends RuntimeException {
    ExecBrokenException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
