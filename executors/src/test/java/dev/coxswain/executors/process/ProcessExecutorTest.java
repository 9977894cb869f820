package dev.coxswain.executors.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.CommandEvent.Exited;
import dev.coxswain.executors.CommandEvent.Output;
import dev.coxswain.executors.CommandEvent.Stream;
import dev.coxswain.executors.Executor;
import dev.coxswain.executors.ExecutorCompatibilityKit;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/** The executor on this host, with control groups where it offers them. */
class ProcessExecutorTest extends ExecutorCompatibilityKit {
    static final Map<String, String> HOST = Map.of("PATH", System.getenv("PATH"), "LANG", "C.UTF-8", SECRET_NAME,
            SECRET_VALUE);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;

    @SuppressWarnings("NullAway.Init")
    ProcessExecutor executor;

    @BeforeEach
    void make() {
        executor = newExecutor();
    }

    @AfterEach
    void close() {
        assertThat(executor.running()).isZero();
        executor.close();
    }

    ProcessExecutor newExecutor() {
        return newExecutor(Cgroups::of, Spawner::ofHost);
    }

    ProcessExecutor newExecutor(Function<Path, @Nullable Cgroups> cgroups, Function<String, Spawner> spawner) {
        return new ProcessExecutor(new ProcessConfig(workDir(), ProcessConfig.defaultParallelStarts()), HOST,
                Schedulers.parallel(), cgroups, spawner);
    }

    Path workDir() {
        return temporary.resolve("state/work");
    }

    @Override
    protected Executor executor() {
        return executor;
    }

    @Test
    void whatRunsInAWorkspaceIsCountedWithItsMemory() throws Exception {
        within(workspace -> {
            Flux<CommandEvent> events = workspace.run(shell("(sleep 300 &); echo up; sleep 300; true")).publish()
                    .refCount(2);
            Mono<Workspace.Usage> running = saying(events, "up").then(workspace.usage())
                    .flatMap(usage -> workspace.stop(Workspace.Stop.KILL).thenReturn(usage));

            StepVerifier.create(Mono.zip(running, events.last(), (usage, last) -> usage)).assertNext(usage -> {
                assertThat(usage.processes()).isBetween(2, 3);
                assertThat(usage.memoryBytes()).isBetween(1L, 64L << 20);
            }).expectComplete().verify(PATIENCE);
            assertThat(workspace.usage().block(PATIENCE)).isEqualTo(Workspace.Usage.NONE);
        });
    }

    @Test
    void theEnvironmentHoldsExactlyWhatIsDocumented() throws Exception {
        within(workspace -> {
            Run run = run(workspace, command(Map.of("MINE", "1"), "", null, Command.DEFAULT_GRACE, "env"));

            assertThat(run.text(Stream.STDOUT).lines().map(line -> line.substring(0, line.indexOf('='))))
                    .containsExactlyInAnyOrder("PATH", "LANG", "HOME", "MINE", "COX_WORKSPACE", "COX_COMMAND");
        });
    }

    @Test
    void aCommandLeadsASessionOfItsOwn() throws Exception {
        within(workspace -> {
            Run run = run(workspace, shell("cut -d' ' -f1,5,6 /proc/$$/stat"));

            long pid = ((CommandEvent.Started) run.events().getFirst()).pid();
            assertThat(run.text(Stream.STDOUT)).isEqualTo(pid + " " + pid + " " + pid + "\n");
        });
    }

    @Test
    void aCommandHoldsNothingOfOursButItsThreeStreams() throws Exception {
        within(workspace -> {
            Run run = run(workspace, shell("for fd in 0 1 2; do readlink /proc/$$/fd/$fd; done; echo /proc/$$/fd/*"));

            List<String> lines = run.text(Stream.STDOUT).lines().toList();
            long pid = ((CommandEvent.Started) run.events().getFirst()).pid();
            assertThat(lines.get(0)).isEqualTo("/dev/null");
            assertThat(lines.get(1)).startsWith("pipe:");
            assertThat(lines.get(2)).startsWith("pipe:").isNotEqualTo(lines.get(1));
            // the shell itself opens one more where it reads a folder, and that is closed by the time it prints
            assertThat(lines.get(3).split(" ")).allSatisfy(fd -> assertThat(fd).startsWith("/proc/" + pid + "/fd/"))
                    .hasSizeBetween(3, 4)
                    .contains("/proc/" + pid + "/fd/0", "/proc/" + pid + "/fd/1", "/proc/" + pid + "/fd/2")
                    .allSatisfy(fd -> assertThat(fd).matches(".*/[0-3]"));
        });
    }

    /** Signals that were ignored when this JVM was started, by nohup for example, and that a child ignores as well. */
    long signalsThatPassOn() throws IOException {
        return 0;
    }

    @Test
    void signalsAreAtTheirDefaultsAndUnblocked() throws Exception {
        within(workspace -> {
            Run run = run(workspace,
                    command(Map.of(), "", null, Command.DEFAULT_GRACE, "grep", "-E", "Sig(Blk|Ign)",
                            "/proc/self/status"));

            for (String line : run.text(Stream.STDOUT).lines().toList()) {
                long set = Long.parseUnsignedLong(line.substring(line.indexOf('\t') + 1), 16);
                // 32 and 33 are the C library's own, and pass on as they came to us
                assertThat(set & 0x7fffffffL & ~signalsThatPassOn()).as(line).isZero();
            }
            assertThat(run.text(Stream.STDOUT).lines()).hasSize(2);
        });
    }

    @Test
    void aScriptWithoutAFirstLineIsRunByTheShell() throws Exception {
        within(workspace -> {
            workspace.write("tool", "echo \"$1\"".getBytes(StandardCharsets.UTF_8)).block(PATIENCE);
            Files.setPosixFilePermissions(Path.of(workspace.pathOf("tool")),
                    PosixFilePermissions.fromString("rwx------"));

            Run run = run(workspace, command(Map.of(), "", null, Command.DEFAULT_GRACE, "./tool", "a b"));

            assertThat(run.text(Stream.STDOUT)).isEqualTo("a b\n");
        });
    }

    @Test
    void argumentsThatAreTooLongAreAnErrorThatNamesTheProgramOnly() throws Exception {
        within(workspace -> StepVerifier
                .create(workspace.run(command(Map.of(), "", null, Command.DEFAULT_GRACE, "/bin/echo",
                        "confidential".repeat(200_000))))
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(WorkspaceException.class)
                        .hasMessageContaining("/bin/echo").hasMessageContaining("too long")
                        .hasMessageNotContaining("confidential"))
                .verify(PATIENCE));
    }

    @Test
    void whatNoProcessCanBeGivenIsRefused() throws Exception {
        within(workspace -> {
            for (Map<String, String> variables : List.of(Map.of("A=B", "x"), Map.of("", "x"), Map.of("A", "x\0y"))) {
                refused(workspace.run(command(variables, "", null, Command.DEFAULT_GRACE, "true")).then(), "variable");
            }
            refused(workspace.run(command(Map.of(), "", null, Command.DEFAULT_GRACE, "echo", "a\0b")).then(), "echo");
        });
    }

    @Test
    void foldersAndFilesArePrivate() throws Exception {
        within(workspace -> {
            workspace.write("folder/file", new byte[1]).block(PATIENCE);

            assertThat(mode(workDir())).isEqualTo("rwx------");
            assertThat(mode(Path.of(workspace.pathOf("")))).isEqualTo("rwx------");
            assertThat(mode(Path.of(workspace.pathOf("folder")))).isEqualTo("rwx------");
            assertThat(mode(Path.of(workspace.pathOf("folder/file")))).isEqualTo("rw-------");
        });
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void aWorkFolderThatCannotBeMadeIsNamed() throws Exception {
        Files.createDirectories(workDir().getParent());
        Files.writeString(workDir(), "a file is in the way");

        refused(executor.open(newJobKey()), workDir().toString());
    }

    @Test
    void aJobKeyThatIsNoFileNameIsRefused() {
        for (String key : List.of("", ".cox", "..", "a/b", "x".repeat(300), "a\0b")) {
            refused(executor.open(key), "job key");
        }
    }

    @Test
    void aProgramWithoutPermissionIsNamed() throws Exception {
        within(workspace -> {
            workspace.write("tool", "#!/bin/sh".getBytes(StandardCharsets.UTF_8)).block(PATIENCE);

            refused(workspace.run(command(Map.of(), "", null, Command.DEFAULT_GRACE, "./tool")).then(),
                    "not executable: ./tool");
        });
    }

    @Test
    void aKillReachesDaemonsThatMadeSessionsOfTheirOwn() throws Exception {
        within(workspace -> {
            Flux<CommandEvent> events = workspace.run(shell(DAEMONS + "echo up; sleep 300")).publish().refCount(2);

            Mono.zip(events.last(), saying(events, "up").then(workspace.stop(Workspace.Stop.KILL)).thenReturn(true))
                    .block(PATIENCE);

            assertDaemonsDead(workspace);
        });
    }

    @Test
    void theExitComesWhenEverythingIsDead() throws Exception {
        within(workspace -> {
            assertThat(run(workspace, shell(DAEMONS + "exit 5")).exit()).isEqualTo(new Exited(5, false));

            assertDaemonsDead(workspace);
        });
    }

    @Test
    void commandsOfOneWorkspaceEndEachForItself() throws Exception {
        within(workspace -> {
            Flux<CommandEvent> lasting = workspace
                    .run(shell("echo up; while [ ! -e go ]; do sleep 0.02; done; echo on")).publish().refCount(2);

            Mono<Void> other = saying(lasting, "up").thenMany(workspace.run(shell(DAEMONS + "exit 0"))).then()
                    .then(workspace.write("go", new byte[0]));

            assertThat(Mono.zip(lasting.last(), other.thenReturn(true)).map(both -> both.getT1()).block(PATIENCE))
                    .isEqualTo(new Exited(0, false));
        });
    }

    /** A session of its own, a double fork, and one that ignores everything it may. Their pids are in d1 to d3. */
    static final String DAEMONS = """
            setsid sh -c 'echo $$ > d1; exec sleep 300' >/dev/null 2>&1 &
            ( setsid sh -c 'echo $$ > d2; exec sleep 300' & ) >/dev/null 2>&1
            ( trap "" TERM HUP INT; sh -c 'echo $$ > d3; exec sleep 300' & )
            while [ ! -s d1 ] || [ ! -s d2 ] || [ ! -s d3 ]; do sleep 0.01; done
            """;

    static void assertDaemonsDead(Workspace workspace) {
        for (String file : List.of("d1", "d2", "d3")) {
            assertDead(pid(workspace, file));
        }
    }

    static int pid(Workspace workspace, String file) {
        return Integer.parseInt(
                new String(Objects.requireNonNull(workspace.read(file, 20).block(PATIENCE)),
                        StandardCharsets.UTF_8).trim());
    }

    static void assertDead(int pid) {
        ProcTable.Stat stat = ProcTable.stat(pid);
        assertThat(stat == null || !stat.alive()).as("process %s is dead", pid).isTrue();
    }

    @Test
    void aWriterThatNeverStopsDoesNotHoldUpTheExit() throws Exception {
        within(workspace -> {
            Exited exit = workspace.run(shell("yes & exit 0")).ofType(Exited.class).blockLast(PATIENCE);

            assertThat(exit).isEqualTo(new Exited(0, false));
        });
    }

    @Test
    void noByteIsLostWhenACommandEndsAtOnce() throws Exception {
        within(workspace -> {
            for (int round = 0; round < 40; round++) {
                long bytes = bytes(workspace.run(shell("head -c 1048576 /dev/zero; head -c 50000 /dev/zero >&2")));

                assertThat(bytes).isEqualTo(1_048_576 + 50_000);
            }
        });
    }

    @Test
    void muchOutputFlowsThroughLittleMemory() throws Exception {
        within(workspace -> {
            long before = System.nanoTime();

            long bytes = bytes(workspace.run(shell("head -c 300000000 /dev/zero")));

            double seconds = (System.nanoTime() - before) / 1e9;
            System.out.printf("%s: output %.0f MB/s%n", getClass().getSimpleName(), bytes / seconds / 1e6);
            assertThat(bytes).isEqualTo(300_000_000);
        });
    }

    static long bytes(Flux<CommandEvent> events) {
        return Objects.requireNonNull(events.ofType(Output.class).map(output -> (long) output.bytes().length)
                .reduce(0L, Long::sum).block(PATIENCE));
    }

    @Test
    void shortCommandsLeaveNoDescriptorNoThreadAndNoZombie() throws Exception {
        within(workspace -> {
            burst(workspace, 40);
            int descriptors = count("/proc/self/fd");
            int threads = count("/proc/self/task");

            burst(workspace, 200);

            assertThat(count("/proc/self/fd")).isLessThanOrEqualTo(descriptors + 5);
            // the JDK keeps some reaper threads for a minute; one for each command would be 200
            assertThat(count("/proc/self/task")).isLessThanOrEqualTo(threads + 20);
            assertThat(ProcTable.all()).noneMatch(stat -> !stat.alive()
                    && stat.parent() == ProcessHandle.current().pid());
        });
    }

    private static void burst(Workspace workspace, int commands) {
        long succeeded = Objects.requireNonNull(Flux.range(0, commands)
                .flatMap(i -> workspace.run(shell("echo " + i)).last(), 8)
                .filter(new Exited(0, false)::equals).count().block(PATIENCE));
        assertThat(succeeded).isEqualTo(commands);
    }

    private static int count(String folder) {
        return Objects.requireNonNull(new java.io.File(folder).list()).length;
    }

    @Test
    void whatAJobLeavesIsRemovedHoweverOddItIs() throws Exception {
        Path outside = Files.createDirectory(temporary.resolve("outside"));
        Files.writeString(outside.resolve("kept"), "kept");
        Path root = workDir();
        within(workspace -> {
            Run run = run(workspace, shell("ln -s '" + outside + "' link; ln -s '" + outside + "/kept' file;"
                    + "mkdir -p ro/in/deep; touch ro/in/f; chmod 000 ro/in/deep; chmod 500 ro/in ro; mkfifo pipe;"
                    + "i=0; n=" + "d".repeat(200) + "; while [ $i -lt 40 ]; do mkdir $n; cd $n; i=$((i+1)); done;"
                    + "touch x; exit 0"));
            assertThat(run.exit().code()).isZero();

            workspace.close().block(PATIENCE);

            try (java.util.stream.Stream<Path> left = Files.list(root)) {
                assertThat(left.map(path -> path.getFileName().toString())).containsExactly(".cox");
            }
        });
        assertThat(outside.resolve("kept")).hasContent("kept");
    }

    @Test
    void aPipeInPlaceOfAFileIsRefusedAndNotWaitedFor() throws Exception {
        within(workspace -> {
            run(workspace, shell("mkfifo pipe"));

            refused(workspace.read("pipe", 10), "pipe");
        });
    }

    @Test
    void openingCanBeCancelled() throws Exception {
        // a stop may come before, while or after the workspace is made; the bracket that took it closes it
        Flux.range(0, 200).doOnNext(i -> Mono
                .usingWhen(executor.open(newJobKey()), workspace -> Mono.never(), Workspace::close).subscribe()
                .dispose())
                .thenMany(Flux.range(0, 16)) // these come after all of the former on every thread
                .flatMap(i -> Mono.usingWhen(executor.open(newJobKey()), Mono::just, Workspace::close), 16)
                .blockLast(PATIENCE);

        Flux.interval(Duration.ofMillis(20)).onBackpressureDrop().publishOn(Schedulers.boundedElastic(), 1)
                .takeUntil(tick -> workspacesLeft() == 0).blockLast(PATIENCE);
    }

    private long workspacesLeft() {
        String[] names = workDir().toFile().list();
        return names == null ? 0 : Arrays.stream(names).filter(name -> !name.equals(".cox")).count();
    }

    @Test
    void onlySoManyStartAtOnceAndTheRestFollow() throws Exception {
        within(workspace -> {
            long ended = Objects.requireNonNull(Flux.range(0, 60)
                    .flatMap(i -> workspace.run(shell("sleep 0.2")).ofType(Exited.class), 60).count().block(PATIENCE));

            assertThat(ended).isEqualTo(60);
        });
    }

    @Test
    void aStopBeforeTheStartKeepsTheProgramFromRunning() throws Exception {
        within(workspace -> {
            workspace.close().block(PATIENCE);

            StepVerifier.create(workspace.run(shell("true"))).expectErrorMessage(
                    "the command was stopped before it started").verify(Duration.ofSeconds(60));
        });
    }
}
