package dev.coxswain.supervisor.admin;

import org.jspecify.annotations.Nullable;

/** A server could not listen; the message names the configuration key and the way out. */
public final class ListenException extends RuntimeException {
    private final String key;

    ListenException(String key, String message, @Nullable Throwable cause) {
        super(key + ": " + message, cause);
        this.key = key;
    }

    /** The configuration key: {@code supervisor.admin.listen} or {@code supervisor.metrics.listen}. */
    public String key() {
        return key;
    }
}
