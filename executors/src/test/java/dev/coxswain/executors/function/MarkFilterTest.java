package dev.coxswain.executors.function;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import static org.assertj.core.api.Assertions.assertThat;

/** Where a call's output ends, however it is cut into pieces. */
class MarkFilterTest {
    private static final String MARK = "<<<>";

    @Provide
    Arbitrary<String> outputs() {
        return Arbitraries.strings().withChars("<>a").ofMaxLength(12);
    }

    @Property(tries = 200)
    void whatComesBeforeTheMarkIsPassedOnAndNothingElse(@ForAll("outputs") String before,
            @ForAll("outputs") String after,
            @ForAll List<Integer> cuts) {
        String whole = before + MARK + after;
        byte[] all = whole.getBytes(StandardCharsets.UTF_8);
        MarkFilter filter = new MarkFilter(MARK.getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        int from = 0;
        for (int cut : cuts) {
            int to = Math.min(all.length, from + Math.floorMod(cut, 6));
            passed.writeBytes(filter.take(Arrays.copyOfRange(all, from, to)));
            from = to;
        }
        passed.writeBytes(filter.take(Arrays.copyOfRange(all, from, all.length)));

        int end = whole.indexOf(MARK);
        assertThat(passed.toString(StandardCharsets.UTF_8)).isEqualTo(whole.substring(0, end));
        assertThat(filter.found()).isTrue();
        assertThat(filter.rest()).isEmpty();
        assertThat(filter.after()).isEqualTo(whole.length() - end - MARK.length());
    }

    @Test
    void whatOnlyBeganLikeAMarkIsPassedOnAtTheEnd() {
        MarkFilter filter = new MarkFilter(MARK.getBytes(StandardCharsets.UTF_8));

        assertThat(filter.take("a<<".getBytes(StandardCharsets.UTF_8))).asString().isEqualTo("a");
        assertThat(filter.rest()).asString().isEqualTo("<<");
        assertThat(filter.found()).isFalse();
    }
}
