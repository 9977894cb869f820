package dev.coxswain.supervisor.controlplane.oore;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Cuts one stream into lines of at most {@value #MOST} bytes without their line ends, on the borders of characters; bytes that
 * are no UTF-8 become U+FFFD. Holds one unfinished line.
 */
final class Lines {
    static final int MOST = 4_096;

    private final byte[] line = new byte[MOST];
    private int length;

    void add(byte[] bytes, Consumer<String> whole) {
        for (byte each : bytes) {
            if (each == '\n') {
                end(whole, length > 0 && line[length - 1] == '\r' ? length - 1 : length);
            } else {
                if (length == MOST) {
                    split(whole);
                }
                line[length++] = each;
            }
        }
    }

    /** The unfinished line, if there is one. */
    void flush(Consumer<String> whole) {
        if (length > 0) {
            end(whole, length);
        }
    }

    private void end(Consumer<String> whole, int until) {
        emit(whole, until);
        length = 0;
    }

    /** A character that would be cut in two goes to the next part. */
    private void split(Consumer<String> whole) {
        int start = length - 1;
        while (start > length - 4 && (line[start] & 0xC0) == 0x80) {
            start--;
        }
        int needs = (line[start] & 0xE0) == 0xC0
                ? 2
                : (line[start] & 0xF0) == 0xE0
                        ? 3
                        : (line[start] & 0xF8) == 0xF0 ? 4 : 1;
        int until = start + needs > length ? start : length;
        emit(whole, until);
        System.arraycopy(line, until, line, 0, length - until);
        length -= until;
    }

    /** Replacements are longer than what they stand for, so what they make too long is emitted in parts. */
    private void emit(Consumer<String> whole, int until) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        CharBuffer text = CharBuffer.allocate(until + 1);
        decoder.decode(ByteBuffer.wrap(Arrays.copyOf(line, until)), text, true);
        decoder.flush(text);
        String told = text.flip().toString();
        int third = MOST / 3;
        if (told.length() <= third || told.getBytes(StandardCharsets.UTF_8).length <= MOST) {
            whole.accept(told);
            return;
        }
        for (int from = 0; from < told.length();) {
            int to = Math.min(told.length(), from + third);
            if (to < told.length() && Character.isHighSurrogate(told.charAt(to - 1))) {
                to--;
            }
            whole.accept(told.substring(from, to));
            from = to;
        }
    }
}
