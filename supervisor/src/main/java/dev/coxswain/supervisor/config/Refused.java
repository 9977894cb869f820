package dev.coxswain.supervisor.config;

import org.jspecify.annotations.Nullable;

/** A text is not a value of its type. The message never quotes the text: it may be a secret in the wrong place. */
final class Refused extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String hint;

    Refused(String message, @Nullable String hint) {
        super(message);
        this.hint = hint;
    }

    String text() {
        return String.valueOf(getMessage());
    }

    @Nullable
    String hint() {
        return hint;
    }
}
