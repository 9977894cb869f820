package dev.coxswain.executors;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Remembers the last 8 KiB of standard error, whatever its length, to tell its last line in a failure. Copies at most 8 KiB of each
 * chunk and looks at nothing before the end, because a job may write gigabytes there.
 */
public final class StderrTail {
    static final int KEPT_BYTES = 8 * 1024;
    /** Control planes want a short text (contract xenonflare-studio 8). */
    public static final int MAX_CHARS = 500;

    private static final String CUT = "…";
    /** Escape sequences of terminals: with parameters (CSI), with a text (OSC and its kin), of two characters. */
    private static final Pattern ESCAPES = Pattern.compile("(?:\\x1B\\[|\\x9B)[0-?]*+[ -/]*+[@-~]?"
            + "|\\x1B[\\]PX^_][^\\x07\\x1B\\n\\r]*+(?:\\x07|\\x1B\\\\)?" + "|\\x1B[ -/]*+[0-~]?");
    /** A carriage return alone counts too: a progress bar rewrites its line. */
    private static final Pattern LINE_ENDS = Pattern.compile("[\\n\\r\\x0B\\x0C\\x85\\u2028\\u2029]");
    /** Control and format characters (the latter can reverse the reading order of what stands beside them). */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}]");

    private final byte[] kept = new byte[KEPT_BYTES];
    private int length;
    private boolean startLost;

    /** Takes what came next on standard error. */
    public void add(byte[] bytes) {
        if (bytes.length >= KEPT_BYTES) {
            startLost |= length > 0 || bytes.length > KEPT_BYTES;
            System.arraycopy(bytes, bytes.length - KEPT_BYTES, kept, 0, KEPT_BYTES);
            length = KEPT_BYTES;
            return;
        }
        int overflow = length + bytes.length - KEPT_BYTES;
        if (overflow > 0) {
            System.arraycopy(kept, overflow, kept, 0, length - overflow);
            length -= overflow;
            startLost = true;
        }
        System.arraycopy(bytes, 0, kept, length, bytes.length);
        length += bytes.length;
    }

    /**
     * The last line that shows anything, without terminal codes and control characters, at most {@value #MAX_CHARS}
     * characters; empty when there is none. A cut is marked with an ellipsis and made between words where it can: half of
     * a long word could be half of a secret, which nobody would recognise to mask it.
     */
    public String lastLine() {
        String text = ESCAPES.matcher(new String(kept, 0, length, StandardCharsets.UTF_8)).replaceAll("");
        String[] lines = LINE_ENDS.split(text, -1);
        for (int i = lines.length - 1; i >= 0; i--) {
            String line = UNPRINTABLE.matcher(lines[i].replace('\t', ' ')).replaceAll("").strip();
            if (!line.isEmpty()) {
                return shorten(i == 0 && startLost ? CUT + withoutFirstWord(line) : line);
            }
        }
        return "";
    }

    /** The first word's beginning is lost, or half of one of its characters. */
    private static String withoutFirstWord(String line) {
        int space = line.indexOf(' ');
        return space < 0 ? line : line.substring(space);
    }

    private static String shorten(String line) {
        if (line.length() <= MAX_CHARS) {
            return line;
        }
        int end = MAX_CHARS - CUT.length();
        int space = line.lastIndexOf(' ', end);
        if (space > CUT.length()) {
            return line.substring(0, space).stripTrailing() + CUT;
        }
        if (Character.isHighSurrogate(line.charAt(end - 1))) {
            end--;
        }
        return line.substring(0, end) + CUT;
    }
}
