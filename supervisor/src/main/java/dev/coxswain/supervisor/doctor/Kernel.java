package dev.coxswain.supervisor.doctor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of Linux.
 *
 * @param major 0 when it is not known
 * @param minor the second number
 */
record Kernel(int major, int minor) {
    private static final Pattern VERSION = Pattern.compile("^(\\d{1,6})\\.(\\d{1,6})");

    /** Reads {@code /proc/sys/kernel/osrelease}. */
    static Kernel parse(String release) {
        Matcher matcher = VERSION.matcher(release);
        return matcher.find()
                ? new Kernel(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)))
                : new Kernel(0, 0);
    }

    boolean isAtLeast(int wantedMajor, int wantedMinor) {
        return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
    }
}
