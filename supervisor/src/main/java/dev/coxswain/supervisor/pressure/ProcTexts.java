package dev.coxswain.supervisor.pressure;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the texts of {@code /proc} and of control groups; what it can't make out is an error that names the file. */
final class ProcTexts {
    private static final Pattern STALLED = Pattern.compile("^some avg10=(\\d{1,3}\\.\\d{1,4}) ");
    private static final Pattern LOAD = Pattern
            .compile("^(\\d{1,9}\\.\\d{1,4}) \\d{1,9}\\.\\d{1,4} \\d{1,9}\\.\\d{1,4} \\d{1,9}/(\\d{1,9}) ");
    private static final Pattern OPEN_FILES = Pattern.compile("(?m)^Max open files\\s+(\\d{1,18}|unlimited)\\s");
    private static final Pattern CORES = Pattern.compile("(\\d{1,6})(?:-(\\d{1,6}))?");

    private ProcTexts() {}

    /**
     * One line of {@code /proc/loadavg}.
     *
     * @param lastMinute load
     * @param tasks processes and threads of the host
     */
    record Load(double lastMinute, long tasks) {}

    /** A file that holds one number. */
    static long number(String text, String file) throws IOException {
        String digits = text.strip();
        if (!digits.matches("\\d{1,20}")) {
            throw garbage(file);
        }
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException tooLarge) {
            // an old kernel's "no limit" is 2^64 - 1
            return Long.MAX_VALUE;
        }
    }

    /** The number of one line of {@code memory.stat} or {@code /proc/meminfo}. */
    static long line(String text, String name, String file) throws IOException {
        Matcher line = Pattern.compile("(?m)^" + Pattern.quote(name) + ":?\\s+(\\d{1,18})( kB)?$").matcher(text);
        if (!line.find()) {
            throw new IOException("no usable line " + name + " in " + file);
        }
        long value = Long.parseLong(line.group(1));
        return line.group(2) == null ? value : Math.multiplyExact(Math.min(value, Long.MAX_VALUE >> 10), 1024);
    }

    /** Share of the last 10 s in which something waited. */
    static double stalled(String text, String file) throws IOException {
        Matcher some = STALLED.matcher(text);
        if (!some.find()) {
            throw garbage(file);
        }
        return Double.parseDouble(some.group(1)) / 100;
    }

    static Load load(String text, String file) throws IOException {
        Matcher load = LOAD.matcher(text);
        if (!load.find()) {
            throw garbage(file);
        }
        return new Load(Double.parseDouble(load.group(1)), Long.parseLong(load.group(2)));
    }

    /** The soft limit of open files; the largest number for unlimited. */
    static long openFiles(String limits, String file) throws IOException {
        Matcher line = OPEN_FILES.matcher(limits);
        if (!line.find()) {
            throw garbage(file);
        }
        return line.group(1).equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(line.group(1));
    }

    /** How many there are in a list such as {@code 0-3,8}. */
    static int cores(String list, String file) throws IOException {
        int cores = 0;
        for (String range : list.strip().split(",")) {
            Matcher ends = CORES.matcher(range);
            if (!ends.matches()) {
                throw garbage(file);
            }
            int first = Integer.parseInt(ends.group(1));
            int last = ends.group(2) == null ? first : Integer.parseInt(ends.group(2));
            cores += Math.max(0, last - first + 1);
        }
        if (cores < 1) {
            throw garbage(file);
        }
        return cores;
    }

    private static IOException garbage(String file) {
        return new IOException("not understood: " + file);
    }
}
