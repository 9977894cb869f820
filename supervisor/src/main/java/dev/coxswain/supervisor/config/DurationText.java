package dev.coxswain.supervisor.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as they are written in the configuration: {@code 500ms}, {@code 5s}, {@code 30m}, {@code 2h}. */
public final class DurationText {
    /** What a duration looks like, as a regular expression. */
    static final String PATTERN = "([0-9]{1,15})(ms|s|m|h)";
    private static final Pattern FORM = Pattern.compile(PATTERN);

    private DurationText() {}

    /**
     * Reads one number with one unit.
     *
     * @throws IllegalArgumentException when the text is something else; the message does not quote it
     */
    public static Duration parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new Refused("is not a duration", "write a whole number and ms, s, m or h, for example 30s");
        }
        long amount = Long.parseLong(form.group(1));
        return switch (form.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    /**
     * Writes a duration in the largest unit that needs no fraction; {@link #parse} reads it back.
     *
     * @throws IllegalArgumentException when it is negative or has a fraction of a millisecond
     */
    public static String format(Duration duration) {
        if (duration.isNegative() || duration.toNanosPart() % 1_000_000 != 0) {
            throw new IllegalArgumentException("only whole milliseconds from 0 can be written");
        }
        if (duration.toNanosPart() != 0) {
            return duration.toMillis() + "ms";
        }
        long seconds = duration.toSeconds();
        if (seconds == 0 || seconds % 60 != 0) {
            return seconds + "s";
        }
        return seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds / 60 + "m";
    }
}
