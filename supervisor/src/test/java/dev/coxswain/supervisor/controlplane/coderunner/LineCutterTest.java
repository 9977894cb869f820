package dev.coxswain.supervisor.controlplane.coderunner;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class LineCutterTest {
    private static List<String> cut(int piece, String text) {
        LineCutter cutter = new LineCutter("stdout");
        List<LogLine> lines = new ArrayList<>();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i += piece) {
            cutter.add(Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + piece)), lines);
        }
        cutter.flush(lines);
        return lines.stream().map(LogLine::text).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1_000})
    void linesAreTheSameHoweverTheBytesCome(int piece) {
        assertThat(cut(piece, "one\r\n\ntw\u00f6 \ud83e\udd80\nend")).containsExactly("one", "",
                "tw\u00f6 \ud83e\udd80", "end");
        assertThat(cut(piece, "")).isEmpty();
        assertThat(cut(piece, "\n")).containsExactly("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\u00e9", "\u20ac", "\ud83e\udd80"})
    void aLongLineIsCutBetweenCharacters(String character) {
        String line = "ab" + character.repeat(20_000);

        List<String> pieces = cut(1_000, line + "\nnext");

        assertThat(String.join("", pieces.subList(0, pieces.size() - 1))).isEqualTo(line);
        assertThat(pieces).last().isEqualTo("next");
        assertThat(pieces).allSatisfy(piece -> assertThat(piece.getBytes(StandardCharsets.UTF_8).length)
                .isLessThanOrEqualTo(LogLine.MOST_BYTES));
    }

    @Test
    void whatIsNoTextEndsAllTheSame() {
        LineCutter cutter = new LineCutter("stdout");
        List<LogLine> lines = new ArrayList<>();
        byte[] bytes = new byte[50_000];
        Arrays.fill(bytes, (byte) 0x80);

        cutter.add(bytes, lines);
        cutter.flush(lines);

        assertThat(lines.stream().mapToInt(line -> line.text().length()).sum()).isEqualTo(50_000);
    }
}
