package dev.coxswain.supervisor.controlplane.shithub;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;

/** How a step's output is cut (contract shithub-actions 6). */
class StepLogTest {
    @Property(tries = 100)
    void chunksAreTheBytesInTheirOrder(@ForAll @Size(max = 20) List<@IntRange(max = 5) Integer> kinds,
            @ForAll @IntRange(min = 1, max = 700_000) int size) {
        StepLog log = new StepLog(7);
        List<StepLog.Chunk> chunks = new ArrayList<>();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int kind : kinds) {
            byte[] bytes = List.of("line\n", "::error::x", ":", "\n", "x".repeat(size), "y\n".repeat(size / 2))
                    .get(kind)
                    .getBytes(StandardCharsets.UTF_8);
            all.writeBytes(bytes);
            chunks.addAll(log.add(bytes));
        }
        chunks.addAll(log.flush());

        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        for (int i = 0; i < chunks.size(); i++) {
            assertThat(chunks.get(i).seq()).isEqualTo(i);
            assertThat(chunks.get(i).bytes().length).isBetween(1, StepLog.MOST);
            sent.writeBytes(chunks.get(i).bytes());
        }
        assertThat(Arrays.equals(sent.toByteArray(), all.toByteArray())).isTrue();
    }

    @Example
    void longOutputIsCutAtLineEnds() {
        List<StepLog.Chunk> chunks = new StepLog(7).add("0123456\n".repeat(100_000).concat("tail")
                .getBytes(StandardCharsets.UTF_8));

        assertThat(chunks.subList(0, chunks.size() - 1)).allSatisfy(
                chunk -> assertThat(chunk.bytes()[chunk.bytes().length - 1]).isEqualTo((byte) '\n'));
    }
}
