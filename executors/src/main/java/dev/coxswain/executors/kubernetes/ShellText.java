package dev.coxswain.executors.kubernetes;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Programs for a POSIX shell. They are read from standard input: an argument of an exec stands in its URL. */
final class ShellText {
    /**
     * What an exec is asked to run, always the same: reads a line, then a program up to the same line once more, and becomes
     * it. A program of which a part is missing is not begun.
     */
    static final String BOOT = """
            IFS= read -r cox_e || exit 125
            while IFS= read -r cox_l; do
              [ "$cox_l" = "$cox_e" ] && { eval "$cox_s"; exit; }
              cox_s="$cox_s$cox_l
            "
            done
            exit 125
            """;

    private ShellText() {}

    /** A text as one word. */
    static String quote(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /** A program as {@link #BOOT} reads it; what follows these bytes is the program's own standard input. */
    static byte[] framed(String program) {
        String mark = "end-" + UUID.randomUUID();
        return (mark + "\n" + program + "\n" + mark + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
