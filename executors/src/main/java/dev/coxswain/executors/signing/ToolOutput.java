package dev.coxswain.executors.signing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The end of what a tool wrote, both streams as they came; bounded. Never for a log as it is. */
final class ToolOutput {
    private static final int MOST = 16 << 10;
    private static final int MOST_LINE = 300;

    private final byte[] tail = new byte[MOST];
    private int length;
    private boolean cut;

    void add(byte[] bytes) {
        int taken = Math.min(bytes.length, MOST);
        int kept = Math.min(length, MOST - taken);
        cut |= length + bytes.length > MOST;
        System.arraycopy(tail, length - kept, tail, 0, kept);
        System.arraycopy(bytes, bytes.length - taken, tail, kept, taken);
        length = kept + taken;
    }

    boolean hasLine(String wanted) {
        return text().lines().anyMatch(wanted::equals);
    }

    /**
     * The last line that says something: frames of a stack trace don't. Without the profile's passwords.
     */
    String lastLine(SigningProfile profile) {
        String line = text().lines().filter(each -> !each.isBlank() && !Character.isWhitespace(each.charAt(0)))
                .reduce("no word of why", (before, each) -> each);
        String told = profile.masked(line).replaceAll("\\p{Cntrl}", "?").strip();
        return told.length() <= MOST_LINE ? told : told.substring(0, MOST_LINE) + "…";
    }

    /** From its first whole line on: half a password is not recognised as one. */
    private String text() {
        String text = new String(Arrays.copyOf(tail, length), StandardCharsets.UTF_8);
        return cut ? text.substring(text.indexOf('\n') + 1 == 0 ? text.length() : text.indexOf('\n') + 1) : text;
    }
}
