package dev.coxswain.supervisor.doctor;

import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at.
 *
 * @param name what it is, short and stable
 * @param level how it is
 * @param detail what was found, one line
 * @param hint what to do about it, or null
 */
public record Finding(String name, Level level, String detail, @Nullable String hint) {
    /** How a thing is. */
    public enum Level {
        /** as it should be */
        OK,
        /** works with a limitation */
        WARN,
        /** not there; what needs it will not work */
        MISSING
    }

    static Finding ok(String name, String detail) {
        return new Finding(name, Level.OK, detail, null);
    }

    static Finding warn(String name, String detail, String hint) {
        return new Finding(name, Level.WARN, detail, hint);
    }

    static Finding missing(String name, String detail, String hint) {
        return new Finding(name, Level.MISSING, detail, hint);
    }
}
