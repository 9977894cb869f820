package dev.coxswain.executors;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.executors.CommandEvent.Exited;
import dev.coxswain.executors.CommandEvent.Output;
import dev.coxswain.executors.CommandEvent.Started;
import dev.coxswain.executors.CommandEvent.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.util.function.Tuple2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The rules that every executor keeps. The commands need a POSIX shell and nothing else where they run. The executor under
 * test has been given a host environment in which {@link #SECRET_NAME} is set.
 */
public abstract class ExecutorCompatibilityKit {
    protected static final String SECRET_NAME = "KIT_HOST_SECRET";
    protected static final String SECRET_VALUE = "host-secret-that-no-job-may-see";
    protected static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final AtomicInteger KEYS = new AtomicInteger();

    /** The executor under test; the same one for all calls within a test. */
    protected abstract Executor executor();

    /** How soon after a KILL everything is dead. */
    protected Duration killLimit() {
        return Duration.ofSeconds(3);
    }

    protected static String newJobKey() {
        return "kit-" + ProcessHandle.current().pid() + "-" + KEYS.incrementAndGet();
    }

    protected static Command shell(String script) {
        return command(Map.of(), "", null, Duration.ofMillis(300), "/bin/sh", "-c", script);
    }

    protected static Command command(Map<String, String> environment, String directory, @Nullable Duration timeout,
            Duration grace, String... argv) {
        return new Command(List.of(argv), environment, directory, timeout, grace);
    }

    /** Opens a workspace, closes it in any case. */
    protected void within(Body body) throws Exception {
        Workspace workspace = Objects.requireNonNull(executor().open(newJobKey()).block(PATIENCE));
        try {
            body.run(workspace);
        } finally {
            workspace.close().block(PATIENCE);
        }
    }

    /** What a test does in a workspace. */
    protected interface Body {
        void run(Workspace workspace) throws Exception;
    }

    /** All that a command did. */
    protected record Run(List<CommandEvent> events) {
        public String text(Stream stream) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (CommandEvent event : events) {
                if (event instanceof Output output && output.stream() == stream) {
                    bytes.writeBytes(output.bytes());
                }
            }
            return bytes.toString(StandardCharsets.UTF_8);
        }

        public Exited exit() {
            return (Exited) events.getLast();
        }
    }

    protected static Run run(Workspace workspace, Command command) {
        return new Run(Objects.requireNonNull(workspace.run(command).collectList().block(PATIENCE)));
    }

    @Test
    void eventsComeInOrderAndTheExitIsLast() throws Exception {
        within(workspace -> {
            Run run = run(workspace, shell("echo out; echo err >&2; exit 3"));

            assertThat(run.events().getFirst()).isInstanceOf(Started.class);
            assertThat(run.text(Stream.STDOUT)).isEqualTo("out\n");
            assertThat(run.text(Stream.STDERR)).isEqualTo("err\n");
            assertThat(run.exit()).isEqualTo(new Exited(3, false));
            assertThat(run.events()).filteredOn(event -> !(event instanceof Output)).hasSize(2);
        });
    }

    @Test
    void aSignalShowsAsItsNumberPlus128() throws Exception {
        within(workspace -> assertThat(run(workspace, shell("kill -9 $$")).exit()).isEqualTo(new Exited(137, false)));
    }

    @Test
    void nothingRunsBeforeTheSubscription() throws Exception {
        within(workspace -> {
            Flux<CommandEvent> cold = workspace.run(shell("echo x >> ran"));

            assertThat(workspace.read("ran", 100).block(PATIENCE)).isNull();
            cold.blockLast(PATIENCE);
            cold.blockLast(PATIENCE);
            assertThat(workspace.read("ran", 100).block(PATIENCE)).asString().isEqualTo("x\nx\n");
        });
    }

    @Test
    void theEnvironmentIsCleanAndTheCommandsOwn() throws Exception {
        within(workspace -> {
            Run run = run(workspace,
                    command(Map.of("MINE", "a b=c"), "", null, Command.DEFAULT_GRACE, "/bin/sh", "-c", "export -p"));

            String text = run.text(Stream.STDOUT);
            assertThat(text).contains("MINE='a b=c'").contains("HOME='" + workspace.pathOf("") + "'").contains("PATH=")
                    .doesNotContain(SECRET_NAME).doesNotContain(SECRET_VALUE);
        });
    }

    @Test
    void argumentsArriveAsTheyAre() throws Exception {
        within(workspace -> {
            Run run = run(workspace, command(Map.of(), "", null, Command.DEFAULT_GRACE, "printf", "%s|", "a b", "$HOME",
                    "*", "", "ä'\""));

            assertThat(run.text(Stream.STDOUT)).isEqualTo("a b|$HOME|*||ä'\"|");
        });
    }

    @Test
    void aCommandRunsInItsFolder() throws Exception {
        within(workspace -> {
            workspace.write("a/b/file", new byte[]{'1'}).block(PATIENCE);

            Run run = run(workspace, command(Map.of(), "a/b", null, Command.DEFAULT_GRACE, "/bin/sh", "-c", "ls; pwd"));

            assertThat(run.text(Stream.STDOUT)).isEqualTo("file\n" + workspace.pathOf("a/b") + "\n");
        });
    }

    @Test
    void standardInputIsEmpty() throws Exception {
        within(workspace -> assertThat(run(workspace, shell("cat; echo end")).text(Stream.STDOUT)).isEqualTo("end\n"));
    }

    @Test
    void aProgramThatIsMissingIsNamed() throws Exception {
        within(workspace -> StepVerifier
                .create(workspace.run(command(Map.of(), "", null, Command.DEFAULT_GRACE, "no-such-program", "x")))
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(WorkspaceException.class)
                        .hasMessageContaining("no-such-program"))
                .verify(PATIENCE));
    }

    @Test
    void binaryOutputArrivesByteForByte() throws Exception {
        within(workspace -> {
            byte[] all = new byte[256 * 40];
            for (int i = 0; i < all.length; i++) {
                all[i] = (byte) i;
            }
            workspace.write("bytes", all).block(PATIENCE);
            ByteArrayOutputStream got = new ByteArrayOutputStream();

            run(workspace, shell("cat bytes")).events().forEach(event -> {
                if (event instanceof Output output) {
                    got.writeBytes(output.bytes());
                }
            });

            assertThat(got.toByteArray()).isEqualTo(all);
        });
    }

    @Test
    void chunksAreBounded() throws Exception {
        within(workspace -> {
            List<Integer> sizes = workspace.run(shell("head -c 1000000 /dev/zero")).ofType(Output.class)
                    .map(output -> output.bytes().length).collectList().block(PATIENCE);

            assertThat(sizes).allSatisfy(size -> assertThat(size).isBetween(1, 64 << 10));
            assertThat(Objects.requireNonNull(sizes).stream().mapToInt(i -> i).sum()).isEqualTo(1_000_000);
        });
    }

    @Test
    void withoutDemandTheCommandWaits() throws Exception {
        within(workspace -> {
            Flux<CommandEvent> run = workspace
                    .run(shell("head -c 3000000 /dev/zero; echo done > done"))
                    .doOnNext(event -> assertThat(event).isNotNull());

            // one second is far longer than writing 3 MB takes
            StepVerifier.create(run, 3).expectNextCount(3).expectNoEvent(Duration.ofSeconds(1))
                    .then(() -> assertThat(workspace.localFile("done").blockOptional(PATIENCE)).isEmpty())
                    .thenRequest(Long.MAX_VALUE).thenConsumeWhile(event -> !(event instanceof Exited))
                    .expectNext(new Exited(0, false)).expectComplete().verify(PATIENCE);
            assertThat(workspace.localFile("done").blockOptional(PATIENCE)).isPresent();
        });
    }

    @Test
    void theTimeLimitEndsACommand() throws Exception {
        within(workspace -> {
            Run run = run(workspace, command(Map.of(), "", Duration.ofMillis(200), Duration.ofMillis(300), "/bin/sh",
                    "-c", "trap '' TERM; echo up; while :; do sleep 0.1; done"));

            assertThat(run.exit()).isEqualTo(new Exited(137, true));
            assertThat(run.text(Stream.STDOUT)).isEqualTo("up\n");
        });
    }

    @Test
    void aPoliteStopLetsTheCommandEndByItself() throws Exception {
        within(workspace -> {
            Command polite = command(Map.of(), "", null, Duration.ofSeconds(30), "/bin/sh", "-c",
                    "trap 'echo bye; exit 7' TERM; echo up; while :; do sleep 0.05; done");

            Run run = new Run(Objects.requireNonNull(stopWhenUp(workspace, polite, Workspace.Stop.TERM)));

            assertThat(run.text(Stream.STDOUT)).isEqualTo("up\nbye\n");
            assertThat(run.exit()).isEqualTo(new Exited(7, false));
        });
    }

    @Test
    void aKillIsQuick() throws Exception {
        within(workspace -> {
            Command deaf = command(Map.of(), "", null, Duration.ofMinutes(5), "/bin/sh", "-c",
                    "trap '' TERM; echo up; while :; do sleep 0.05; done");
            long before = System.nanoTime();

            Run run = new Run(Objects.requireNonNull(stopWhenUp(workspace, deaf, Workspace.Stop.KILL)));

            assertThat(run.exit()).isEqualTo(new Exited(137, false));
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(killLimit());
        });
    }

    @Test
    void aKillOvertakesAPoliteStop() throws Exception {
        within(workspace -> {
            Command deaf = command(Map.of(), "", null, Duration.ofMinutes(5), "/bin/sh", "-c",
                    "trap 'echo heard' TERM; echo up; while :; do sleep 0.05; done");
            Flux<CommandEvent> events = workspace.run(deaf).publish().refCount(3);
            Mono<Void> polite = saying(events, "up").then(workspace.stop(Workspace.Stop.TERM));
            Mono<Void> killed = saying(events, "heard").then(workspace.stop(Workspace.Stop.KILL));

            CommandEvent last = Mono.zip(events.last(), polite.thenReturn(true), killed.thenReturn(true))
                    .map(Tuple2::getT1).block(PATIENCE);

            assertThat(last).isEqualTo(new Exited(137, false));
        });
    }

    @Test
    void stoppingWhatDoesNotRunIsDoneAtOnce() throws Exception {
        within(workspace -> StepVerifier.create(workspace.stop(Workspace.Stop.TERM)).expectComplete().verify(PATIENCE));
    }

    @ParameterizedTest
    @EnumSource(Workspace.Stop.class)
    void noCommandStartsAfterAStop(Workspace.Stop how) throws Exception {
        within(workspace -> {
            workspace.stop(how).block(PATIENCE);

            StepVerifier.create(workspace.run(shell("echo x > ran"))).expectErrorSatisfies(
                    e -> assertThat(e).isInstanceOf(WorkspaceException.class).hasMessageContaining("stopped"))
                    .verify(PATIENCE);
            assertThat(workspace.read("ran", 10).block(PATIENCE)).isNull();
        });
    }

    @Test
    void aStopInTheMomentOfTheStartLetsNothingRunOn() throws Exception {
        for (int round = 0; round < 5; round++) {
            within(workspace -> {
                // it ends, one way or the other, and long before it would by itself
                Mono<CommandEvent> run = workspace.run(shell("sleep 300; echo x > ran")).last()
                        .onErrorResume(WorkspaceException.class, e -> Mono.empty());

                Mono.when(run, workspace.stop(Workspace.Stop.KILL)).block(PATIENCE);

                assertThat(workspace.read("ran", 10).block(PATIENCE)).isNull();
            });
        }
    }

    @Test
    void aCancelKillsAndCloseWaitsForIt() throws Exception {
        within(workspace -> {
            StepVerifier.create(workspace.run(shell("echo up; sleep 300")).ofType(Output.class)).expectNextCount(1)
                    .thenCancel().verify(PATIENCE);

            StepVerifier.create(workspace.close()).expectComplete().verify(killLimit());
        });
    }

    @Test
    void aClosedWorkspaceIsGoneAndRunsNothing() throws Exception {
        within(workspace -> {
            workspace.write("file", new byte[1]).block(PATIENCE);
            Path file = Objects.requireNonNull(workspace.localFile("file").block(PATIENCE));

            workspace.close().block(PATIENCE);
            workspace.close().block(PATIENCE);

            assertThat(Files.exists(file)).isFalse();
            StepVerifier.create(workspace.run(shell("true"))).expectError(WorkspaceException.class).verify(PATIENCE);
        });
    }

    @Test
    void filesAreWrittenAndRead() throws Exception {
        within(workspace -> {
            workspace.write("a/b/c.txt", "one".getBytes(StandardCharsets.UTF_8)).block(PATIENCE);
            workspace.write("a/b/c.txt", "two".getBytes(StandardCharsets.UTF_8)).block(PATIENCE);

            assertThat(workspace.read("a/b/c.txt", 3).block(PATIENCE)).asString().isEqualTo("two");
            assertThat(workspace.localFile("a/b/c.txt").block(PATIENCE)).hasContent("two");
            assertThat(run(workspace, shell("cat a/b/c.txt")).text(Stream.STDOUT)).isEqualTo("two");
            assertThat(workspace.read("missing", 3).block(PATIENCE)).isNull();
            assertThat(workspace.localFile("missing").block(PATIENCE)).isNull();
        });
    }

    @Test
    void aFolderIsMadeWithThoseAboveItAndOneThatIsThereStaysAsItIs() throws Exception {
        within(workspace -> {
            workspace.folder("out/put").block(PATIENCE);
            workspace.write("out/put/kept", new byte[1]).block(PATIENCE);
            workspace.folder("out/put").block(PATIENCE);

            assertThat(run(workspace, shell("cd out/put && ls")).text(Stream.STDOUT)).isEqualTo("kept\n");
            refused(workspace.folder("out/put/kept"), "out/put/kept");
            refused(workspace.folder("../out"), "../out");
        });
    }

    @Test
    void aFileThatIsTooLongOrNoFileIsRefused() throws Exception {
        within(workspace -> {
            workspace.write("folder/long", new byte[11]).block(PATIENCE);

            refused(workspace.read("folder/long", 10), "folder/long");
            refused(workspace.read("folder", 10), "folder");
            refused(workspace.localFile("folder"), "folder");
            refused(workspace.write("folder", new byte[1]), "folder");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/../../x", "/etc/passwd", "a/../b", ".."})
    void aPathThatLeavesTheWorkspaceIsRefused(String path) throws Exception {
        within(workspace -> {
            refused(workspace.read(path, 10), path);
            refused(workspace.localFile(path), path);
            refused(workspace.write(path, new byte[1]), path);
            assertThatThrownBy(() -> workspace.pathOf(path)).isInstanceOf(WorkspaceException.class);
        });
    }

    @Test
    void aLinkOutOfTheWorkspaceIsRefused() throws Exception {
        within(workspace -> {
            run(workspace, shell("ln -s /etc/passwd file; ln -s /etc folder; ln -s / a"));

            refused(workspace.read("file", 100_000), "file");
            refused(workspace.localFile("folder/passwd"), "folder/passwd");
            refused(workspace.write("a/tmp/kit-escape", new byte[1]), "a/tmp/kit-escape");
        });
    }

    @Test
    void theSameJobTwiceIsRefused() throws Exception {
        String jobKey = newJobKey();
        Workspace workspace = Objects.requireNonNull(executor().open(jobKey).block(PATIENCE));

        refused(executor().open(jobKey), jobKey);

        workspace.write("still", new byte[1]).block(PATIENCE);
        workspace.close().block(PATIENCE);
    }

    protected static void refused(Mono<?> attempt, String namedPlace) {
        StepVerifier.create(attempt)
                .expectErrorSatisfies(
                        e -> assertThat(e).isInstanceOf(WorkspaceException.class).hasMessageContaining(namedPlace))
                .verify(PATIENCE);
    }

    /** Completes when the command has printed this word. */
    protected static Mono<CommandEvent> saying(Flux<CommandEvent> events, String word) {
        return events.filter(event -> event instanceof Output output
                && new String(output.bytes(), StandardCharsets.UTF_8).contains(word)).next();
    }

    private static @Nullable List<CommandEvent> stopWhenUp(Workspace workspace, Command command, Workspace.Stop how) {
        Flux<CommandEvent> events = workspace.run(command).publish().refCount(2);
        Mono<Void> stop = saying(events, "up").then(workspace.stop(how));
        return Mono.zip(events.collectList(), stop.thenReturn(true)).map(Tuple2::getT1).block(PATIENCE);
    }
}
