package dev.coxswain.supervisor.client;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/** How long ago something was, in at most two units. */
final class Ages {
    private Ages() {}

    /** {@code -} for null; a moment that our clock has not reached yet was now. */
    static String since(@Nullable Instant then, Instant now) {
        return then == null ? "-" : of(Duration.between(then, now));
    }

    static String of(Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3_600) {
            return seconds / 60 + "m" + two(seconds % 60) + "s";
        }
        return seconds < 86_400
                ? seconds / 3_600 + "h" + two(seconds / 60 % 60) + "m"
                : seconds / 86_400 + "d" + two(seconds / 3_600 % 24) + "h";
    }

    private static String two(long number) {
        return number < 10 ? "0" + number : Long.toString(number);
    }
}
