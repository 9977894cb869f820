package dev.coxswain.executors.signing;

import java.util.Locale;

/** The two kinds of a build that have a signing profile each. */
public enum Variant {
    /** {@code --debug} */
    DEBUG,
    /** everything else */
    RELEASE;

    /** The name in the signing material. */
    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
