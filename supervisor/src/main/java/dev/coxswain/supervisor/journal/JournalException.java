package dev.coxswain.supervisor.journal;

import org.jspecify.annotations.Nullable;

/** The journal could not be opened or written; the message names the file and the way out. */
public final class JournalException extends RuntimeException {
    public JournalException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
