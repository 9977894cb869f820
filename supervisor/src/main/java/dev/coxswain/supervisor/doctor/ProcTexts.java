package dev.coxswain.supervisor.doctor;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the texts of {@code /proc}; what it can't make out is empty, never a guess. */
final class ProcTexts {
    private ProcTexts() {}

    /**
     * One limit of {@code /proc/self/limits}.
     *
     * @param soft what holds now; {@link Long#MAX_VALUE} for unlimited
     * @param hard how far it can be raised
     */
    record Limit(long soft, long hard) {
        @Override
        public String toString() {
            return "soft " + text(soft) + ", hard " + text(hard);
        }

        private static String text(long value) {
            return value == Long.MAX_VALUE ? "unlimited" : Long.toString(value);
        }
    }

    /** The line of {@code /proc/self/limits} with this name, such as {@code Max open files}. */
    static Optional<Limit> limit(String limits, String name) {
        Matcher line = Pattern
                .compile("(?m)^" + Pattern.quote(name) + "\\s+(\\d{1,18}|unlimited)\\s+(\\d{1,18}|unlimited)\\b")
                .matcher(limits);
        return line.find() ? Optional.of(new Limit(number(line.group(1)), number(line.group(2)))) : Optional.empty();
    }

    /** Bytes of one line of {@code /proc/meminfo}, such as {@code MemAvailable}. */
    static OptionalLong memory(String meminfo, String name) {
        Matcher line = Pattern.compile("(?m)^" + Pattern.quote(name) + ":\\s+(\\d{1,15}) kB$").matcher(meminfo);
        return line.find() ? OptionalLong.of(Long.parseLong(line.group(1)) * 1024) : OptionalLong.empty();
    }

    /** A file that holds one number. */
    static OptionalLong number(Optional<String> text) {
        String digits = text.orElse("").strip();
        return digits.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
    }

    private static long number(String text) {
        return text.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(text);
    }
}
