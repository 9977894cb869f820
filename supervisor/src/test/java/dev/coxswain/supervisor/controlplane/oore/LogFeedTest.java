package dev.coxswain.supervisor.controlplane.oore;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.FeedItem;
import dev.coxswain.supervisor.controlplane.JobFeed;
import dev.coxswain.supervisor.controlplane.StepMark;
import dev.coxswain.supervisor.testing.RudeServer.Manner;
import dev.coxswain.supervisor.testing.RudeServer.Reply;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** The log of a build (contract oore-ci 7). */
class LogFeedTest {
    private static final Reply TAKEN = Reply.json("{\"appended\":0}");
    private final OoreRig rig = new OoreRig();
    private final JobFeed feed = Objects.requireNonNull(rig.running().feed());

    @AfterEach
    void close() {
        rig.close();
    }

    private static FeedItem out(String text) {
        return new FeedItem.Output(CommandEvent.Stream.STDOUT, text.getBytes(StandardCharsets.UTF_8));
    }

    private static FeedItem err(String text) {
        return new FeedItem.Output(CommandEvent.Stream.STDERR, text.getBytes(StandardCharsets.UTF_8));
    }

    private static FeedItem step(ExecutionEvent.Step step) {
        return new FeedItem.Step(new StepMark(step, OoreRig.NOW));
    }

    private List<String> rows() {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < rig.server.seen().size(); i++) {
            for (JsonNode chunk : rig.sent(i).path("chunks")) {
                rows.add(chunk.path("sequence").asInt() + " " + chunk.path("stream").stringValue() + " "
                        + chunk.path("content").stringValue());
            }
        }
        return rows;
    }

    @Test
    void linesOfBothStreamsAndStepsHaveOneSequence() {
        rig.server.then(TAKEN, TAKEN, TAKEN);

        OoreRig.done(feed.send(List.of(step(new ExecutionEvent.StepStarted("build-1", "make \"x\"")), out("one\r\ntw"),
                err("bad\n"))));
        OoreRig.done(feed.send(List.of(out("o\n\nrest"), step(new ExecutionEvent.StepEnded("build-1", 2)))));
        OoreRig.done(feed.send(List.of(out("tail"))));
        OoreRig.done(feed.end());

        assertThat(rig.server.seen()).allSatisfy(seen -> assertThat(seen.uri()).isEqualTo(OoreRig.JOB + "/logs"));
        assertThat(rows()).containsExactly(
                "0 stdout [oore-step] {\"event\":\"start\",\"name\":\"build-1\",\"command\":\"make \\\"x\\\"\"}",
                "1 stdout one", "2 stderr bad", "3 stdout two", "4 stdout ", "5 stdout rest",
                "6 stdout [oore-step] {\"event\":\"end\",\"name\":\"build-1\",\"status\":\"failed\",\"exit_code\":2}",
                "7 stdout tail");
    }

    @Test
    void trap13ARepeatSendsTheSameNumbers() {
        rig.server.then(TAKEN.sent(Manner.RESET), TAKEN, TAKEN);
        Mono<Void> batch = feed.send(List.of(out("one\ntwo\n")));

        OoreRig.fails(batch, ControlPlaneException.Unavailable.class);
        OoreRig.done(batch);
        OoreRig.done(feed.send(List.of(out("three\n"))));

        assertThat(rows()).containsExactly("0 stdout one", "1 stdout two", "0 stdout one", "1 stdout two",
                "2 stdout three");
    }

    @Test
    void nothingWithoutALineIsSent() {
        OoreRig.done(feed.send(List.of(out("half"))));

        assertThat(rig.server.seen()).isEmpty();
    }

    @Test
    void tenThousandRowsAreSentAndTheLastSaysSo() {
        IntStream.range(0, 30).forEach(i -> rig.server.then(TAKEN));
        OoreRig.done(feed.send(List.of(out("x\n".repeat(9_999)))));
        OoreRig.done(feed.send(List.of(out("y\n".repeat(9_999)))));
        int requests = rig.server.seen().size();
        OoreRig.done(feed.send(List.of(out("z\n"))));
        OoreRig.done(feed.end());

        assertThat(rows()).hasSize(LogFeed.MOST_ROWS);
        assertThat(rows().get(9_999)).startsWith("9999 stderr [coxswain]");
        assertThat(rig.server.seen()).hasSize(requests);
    }

    @Test
    void aRequestStaysFarBelowTheBodyLimit() {
        IntStream.range(0, 40).forEach(i -> rig.server.then(TAKEN));
        OoreRig.done(feed.send(List.of(out(("\u0001".repeat(4_096) + "\n").repeat(250)))));

        assertThat(rig.server.seen()).hasSizeGreaterThan(1)
                .allSatisfy(seen -> assertThat(seen.body().length()).isLessThan(2 << 20));
        assertThat(rows()).hasSize(250);
    }

    @Test
    void whatIsMissingIsTold() {
        rig.server.then(TAKEN);
        OoreRig.done(feed.send(List.of(out("a"), new FeedItem.Skipped(7), out("b\n"))));

        assertThat(rows()).containsExactly("0 stdout a", "1 stderr [coxswain] 7 bytes of the log are missing here",
                "2 stdout b");
    }

    @Test
    void afterTheEndTheDaemonsWordIsThatTheBuildIsGone() {
        rig.server.then(OoreRig.GONE);

        OoreRig.fails(feed.send(List.of(out("late\n"))), ControlPlaneException.LeaseLost.class);
    }

    @Property(tries = 100)
    void linesAreCutOnCharactersWhateverTheChunksAre(@ForAll @Size(max = 40) List<@IntRange(max = 3) Integer> kinds,
            @ForAll @IntRange(min = 1, max = 4_097) int piece) {
        StringBuilder text = new StringBuilder("a".repeat(4_090));
        kinds.forEach(kind -> text.append(List.of("b", "ä", "€", "😀").get(kind)));
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        Lines lines = new Lines();
        List<String> cut = new ArrayList<>();
        for (int from = 0; from < bytes.length; from += piece) {
            lines.add(java.util.Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + piece)), cut::add);
        }
        lines.flush(cut::add);

        assertThat(String.join("", cut)).isEqualTo(text.toString());
        assertThat(cut).allSatisfy(
                line -> assertThat(line.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(Lines.MOST));
    }

    @Property(tries = 100)
    void bytesThatAreNoTextStayWithinTheLimit(@ForAll @Size(max = 6_000) byte[] bytes) {
        Lines lines = new Lines();
        List<String> cut = new ArrayList<>();
        lines.add(bytes, cut::add);
        lines.flush(cut::add);

        assertThat(cut).allSatisfy(
                line -> assertThat(line.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(Lines.MOST));
    }
}
