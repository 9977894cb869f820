package dev.coxswain.executors;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class StderrTailTest {
    @ParameterizedTest
    @MethodSource("lines")
    void theLastLineIsPlainText(String written, String told) {
        assertThat(lastLine(utf8(written))).isEqualTo(told);
    }

    static Stream<Arguments> lines() {
        return Stream.of(arguments("", ""), arguments("\n \r\n\t", ""), arguments("one\ntwo", "two"),
                arguments("one\r\ntwo\r\n", "two"), arguments("10 %\r50 %\rbroken", "broken"),
                arguments("\u001B[31;1mred\u001B[0m alert\n\u001B[0m\n", "red alert"),
                arguments("\u001B]0;title\u0007text", "text"), arguments("\u001B]8;;url\u001B\\link", "link"),
                arguments("\u001B(Bplain\u001B7", "plain"), arguments("cut \u001B[3", "cut"), arguments("a\tb", "a b"),
                arguments("bell\u0007, back\b, nul\0", "bell, back, nul"), arguments("ab\u202Ecd", "abcd"),
                arguments("one\u2028two", "two"), arguments("Größe 漢字 🎬", "Größe 漢字 🎬"));
    }

    private static String lastLine(byte[] bytes) {
        StderrTail tail = new StderrTail();
        tail.add(bytes);
        return tail.lastLine();
    }

    @Test
    void aLongLineEndsBetweenWordsSoThatNoHalfSecretIsTold() {
        String line = "failed: " + "x".repeat(480) + " https://store/?signature=" + "s".repeat(300);

        assertThat(lastLine(utf8(line))).isEqualTo("failed: " + "x".repeat(480) + "…");
    }

    @Test
    void oneEndlessWordIsCutAtTheLimit() {
        assertThat(lastLine(utf8("x".repeat(600)))).isEqualTo("x".repeat(499) + "…");
        assertThat(lastLine(utf8("🎬".repeat(300)))).isEqualTo("🎬".repeat(249) + "…");
    }

    @Test
    void ofAHugeLineTheEndIsKeptWithoutTheWordThatWasCut() {
        StderrTail tail = new StderrTail();
        for (int i = 0; i < 1000; i++) {
            tail.add(utf8("0123456789abcde".repeat(100)));
        }
        tail.add(utf8(" disk full"));

        assertThat(tail.lastLine()).isEqualTo("… disk full");
    }

    @Test
    void aChunkLargerThanTheMemoryKeepsItsEnd() {
        StderrTail tail = new StderrTail();
        tail.add(utf8("earlier\n"));
        tail.add(utf8("x".repeat(60_000) + "\nlast line\n"));

        assertThat(tail.lastLine()).isEqualTo("last line");
    }

    @Test
    void bytesThatAreNoTextAreShownAsReplacements() {
        assertThat(lastLine(new byte[]{(byte) 0xff, 'o', 'h', (byte) 0xc3})).isEqualTo("\uFFFDoh\uFFFD");
    }

    @Property(tries = 200)
    void howTheBytesArriveDoesNotMatter(@ForAll @Size(max = 300) byte[] written, @ForAll @IntRange(max = 40) int copies,
            @ForAll long seed) {
        byte[] all = new byte[written.length * copies];
        for (int i = 0; i < all.length; i++) {
            all[i] = written[i % written.length];
        }
        StderrTail pieces = new StderrTail();
        Random random = new Random(seed);
        for (int at = 0; at < all.length;) {
            int end = Math.min(all.length, at + 1 + random.nextInt(3000));
            pieces.add(Arrays.copyOfRange(all, at, end));
            at = end;
        }

        assertThat(pieces.lastLine()).isEqualTo(lastLine(all)).hasSizeLessThanOrEqualTo(StderrTail.MAX_CHARS)
                .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\u2028\\u2029]");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
