package dev.coxswain.supervisor.controlplane.coderunner;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Makes lines of one stream's bytes, holding at most one unfinished line of {@link LogLine#MOST_BYTES}. */
final class LineCutter {
    private final String stream;
    private final byte[] held = new byte[LogLine.MOST_BYTES];
    private int length;

    LineCutter(String stream) {
        this.stream = stream;
    }

    void add(byte[] bytes, List<LogLine> lines) {
        for (byte next : bytes) {
            if (next == '\n') {
                cut(lines);
            } else {
                if (length == held.length) {
                    cut(lines, whole());
                }
                held[length++] = next;
            }
        }
    }

    /** What has no line end yet. */
    void flush(List<LogLine> lines) {
        if (length > 0) {
            cut(lines);
        }
    }

    private void cut(List<LogLine> lines) {
        int end = length > 0 && held[length - 1] == '\r' ? length - 1 : length;
        lines.add(new LogLine(stream, new String(held, 0, end, StandardCharsets.UTF_8)));
        length = 0;
    }

    private void cut(List<LogLine> lines, int end) {
        lines.add(new LogLine(stream, new String(held, 0, end, StandardCharsets.UTF_8)));
        System.arraycopy(held, end, held, 0, length - end);
        length -= end;
    }

    /** Up to where the held bytes are whole characters: none is cut in two. */
    private int whole() {
        int start = length - 1;
        while (start > length - 4 && (held[start] & 0xC0) == 0x80) {
            start--;
        }
        int first = held[start] & 0xFF;
        int needs = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
        return start + needs > length ? start : length;
    }
}
