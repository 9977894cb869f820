package dev.coxswain.supervisor.bench;

import org.jspecify.annotations.Nullable;

/** A measurement could not be made; the message says which and why. */
public final class BenchException extends RuntimeException {
    BenchException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
