package dev.coxswain.supervisor.logs;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.executors.CommandEvent.Stream;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.supervisor.controlplane.FeedItem;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.StepMark;
import dev.coxswain.supervisor.metrics.Meters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/** A log on its way to a control plane: streams and steps in their places. */
class LogFeedingTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private final Scheduler files = Schedulers.newBoundedElastic(2, 1000, "log-files");
    @TempDir
    private Path folder;

    @AfterEach
    void giveThreadsBack() {
        files.dispose();
    }

    private JobLog open() {
        return Objects.requireNonNull(
                new JobLogs(new LogsConfig(1 << 20, 1 << 30), folder, files, new Meters(new SimpleMeterRegistry()))
                        .open("job", "plane", SecretSet.NONE).block(SOON));
    }

    private static void write(JobLog log, Stream stream, String text) {
        StepVerifier.create(log.append(stream, text.getBytes(StandardCharsets.UTF_8))).expectComplete().verify(SOON);
    }

    private static StepMark mark(ExecutionEvent.Step step) {
        return new StepMark(step, Instant.EPOCH);
    }

    private static String words(List<FeedItem> items) {
        StringBuilder words = new StringBuilder();
        for (FeedItem item : items) {
            words.append(switch (item) {
                case FeedItem.Output(var stream, var bytes) ->
                    (stream == Stream.STDOUT ? "o:" : "e:") + new String(bytes, StandardCharsets.UTF_8);
                case FeedItem.Skipped(var bytes) -> "skipped " + bytes;
                case FeedItem.Step(var mark) -> "<" + mark.step().name() + ">";
            }).append(' ');
        }
        return words.toString().strip();
    }

    @Test
    void aStepIsToldThoughNothingIsWrittenAfterIt() {
        JobLog log = open();

        StepVerifier.create(log.feed().map(LogFeedingTest::words))
                .then(() -> log.mark(mark(new ExecutionEvent.StepStarted("a")))).expectNext("<a>")
                .then(() -> write(log, Stream.STDERR, "x")).expectNext("e:x")
                .then(() -> log.mark(mark(new ExecutionEvent.StepEnded("a", 0)))).expectNext("<a>")
                .then(() -> log.end().subscribe(none -> {}, failure -> {})).expectComplete().verify(SOON);
    }

    @Test
    void whatIsHeldBackAsHalfASecretBelongsToTheStepThatWroteIt() {
        JobLog log = open();
        log.addSecret(new Secret("long-enough-secret"));
        List<FeedItem> all = new ArrayList<>();

        StepVerifier.create(log.feed().doOnNext(all::addAll).then())
                .then(() -> {
                    write(log, Stream.STDOUT, "it is long-enou");
                    log.mark(mark(new ExecutionEvent.StepEnded("one", 0)));
                    write(log, Stream.STDOUT, "next long-enough-secret\n");
                    StepVerifier.create(log.end()).expectComplete().verify(SOON);
                }).expectComplete().verify(SOON);

        assertThat(words(all).replace("o:", "").replace(" ", "")).isEqualTo("itislong-enou<one>next***");
    }

    @Test
    void aLogIsFedFromItsBeginningAndOnce() {
        JobLog log = open();
        write(log, Stream.STDOUT, "x");

        StepVerifier.create(log.feed()).expectError(LogException.class).verify(SOON);
    }

    @Property(tries = 150)
    void cutAnywhereItSaysTheSame(@ForAll @Size(max = 30) List<@IntRange(max = 2) Integer> acts,
            @ForAll @IntRange(min = 1, max = 9) int piece) {
        LogIndex index = new LogIndex();
        StringBuilder bytes = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        int steps = 0;
        for (int act : acts) {
            if (act == 2) {
                index.marks(bytes.length(), mark(new ExecutionEvent.StepStarted("s" + steps)));
                expected.append("<s").append(steps++).append('>');
            } else {
                index.writes(bytes.length(), act == 0 ? Stream.STDOUT : Stream.STDERR);
                bytes.append(act == 0 ? "out" : "err");
                expected.append(act == 0 ? "OOO" : "EEE");
            }
        }
        StringBuilder told = new StringBuilder();
        String all = bytes.toString();
        for (int from = 0; from < all.length() || index.hasMarkAt(from); from = Math.min(all.length(), from + piece)) {
            for (FeedItem item : index.cut(from,
                    all.substring(from, Math.min(all.length(), from + piece)).getBytes(StandardCharsets.UTF_8))) {
                told.append(switch (item) {
                    case FeedItem.Output(var stream, var text) -> tagged(stream, text);
                    case FeedItem.Step(var mark) -> "<" + mark.step().name() + ">";
                    case FeedItem.Skipped skipped -> "skipped";
                });
            }
        }
        assertThat(told).hasToString(expected.toString());
    }

    /** One letter for each byte, that of its stream; the bytes must be of that stream too. */
    private static String tagged(Stream stream, byte[] bytes) {
        String letters = stream == Stream.STDOUT ? "out" : "er";
        assertThat(new String(bytes, StandardCharsets.UTF_8).chars()).allMatch(c -> letters.indexOf(c) >= 0);
        return (stream == Stream.STDOUT ? "O" : "E").repeat(bytes.length);
    }
}
