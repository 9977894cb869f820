package dev.coxswain.supervisor.config;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as they are written in the configuration: {@code 512B}, {@code 64MiB}, {@code 4GiB}; 1 KiB is 1024 bytes. */
public final class SizeText {
    /** What a size looks like, as a regular expression. */
    static final String PATTERN = "([0-9]{1,18})(B|KiB|MiB|GiB|TiB)";
    private static final Pattern FORM = Pattern.compile(PATTERN);
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");

    private SizeText() {}

    /**
     * Reads one number with one unit into bytes.
     *
     * @throws IllegalArgumentException when the text is something else or more than a long holds; the message does not
     *         quote it
     */
    public static long parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new Refused("is not a size", "write a whole number and B, KiB, MiB, GiB or TiB, for example 64MiB");
        }
        long amount = Long.parseLong(form.group(1));
        int shift = 10 * UNITS.indexOf(form.group(2));
        if (amount > Long.MAX_VALUE >> shift) {
            throw new Refused("is too large a size", null);
        }
        return amount << shift;
    }

    /**
     * Writes bytes in the largest unit that needs no fraction; {@link #parse} reads it back.
     *
     * @throws IllegalArgumentException when it is negative or has more than 18 digits in that unit
     */
    public static String format(long bytes) {
        int unit = 0;
        long amount = bytes;
        while (unit < UNITS.size() - 1 && amount != 0 && amount % 1024 == 0) {
            amount /= 1024;
            unit++;
        }
        if (amount < 0 || amount > 999_999_999_999_999_999L) {
            throw new IllegalArgumentException("not a size that can be written");
        }
        return amount + UNITS.get(unit);
    }
}
