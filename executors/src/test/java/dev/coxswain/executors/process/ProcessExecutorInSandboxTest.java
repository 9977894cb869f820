package dev.coxswain.executors.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.CommandEvent.Exited;
import dev.coxswain.executors.CommandEvent.Stream;
import dev.coxswain.executors.Executor;
import dev.coxswain.executors.Executor.Reaped;
import dev.coxswain.executors.ExecutorCompatibilityKit;
import dev.coxswain.executors.Limits;
import dev.coxswain.executors.Workspace;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The executor that shuts commands in with bubblewrap, which must be installed. */
class ProcessExecutorInSandboxTest extends ExecutorCompatibilityKit {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;

    private Path hidden = Path.of("");
    private Path token = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private ProcessExecutor executor;

    @BeforeEach
    void make() throws IOException {
        assumeTrue(Launch.search("bwrap", Launch.DEFAULT_PATH, Path.of("/")) != null, "bubblewrap is not installed");
        hidden = Files.createDirectories(temporary.resolve("state"));
        token = temporary.resolve("token");
        Files.writeString(hidden.resolve("journal"), SECRET_VALUE);
        Files.writeString(token, SECRET_VALUE);
        executor = newExecutor();
    }

    private ProcessExecutor newExecutor() {
        return new ProcessExecutor(new ProcessConfig(hidden.resolve("work"), 2, Limits.NONE,
                new ProcessConfig.Sandbox(List.of(hidden, token, temporary.resolve("no such file")))),
                ProcessExecutorTest.HOST, Schedulers.parallel());
    }

    @AfterEach
    void close() {
        if (executor == null) {
            return; // skipped
        }
        assertThat(executor.running()).isZero();
        executor.close();
    }

    @Override
    protected Executor executor() {
        return executor;
    }

    @Test
    void itSeesNothingThatIsHiddenNorAnotherJobsFolder() throws Exception {
        Workspace other = Objects.requireNonNull(executor.open(newJobKey()).block(PATIENCE));
        try {
            other.write("mine", SECRET_VALUE.getBytes(StandardCharsets.UTF_8)).block(PATIENCE);
            within(workspace -> {
                Run run = run(workspace, shell("cat " + hidden + "/journal " + token + " " + other.pathOf("mine")
                        + "; ls -A " + hidden + " " + hidden + "/work $HOME/.. /tmp /run"));

                assertThat(run.text(Stream.STDOUT)).doesNotContain(SECRET_VALUE).contains(workspaceName(workspace))
                        .doesNotContain(workspaceName(other));
            });
        } finally {
            other.close().block(PATIENCE);
        }
    }

    private static String workspaceName(Workspace workspace) {
        return String.valueOf(Path.of(workspace.pathOf("")).getFileName());
    }

    @Test
    void itSeesNoProcessButItsOwn() throws Exception {
        within(workspace -> {
            Run run = run(workspace, shell("ls -d /proc/[0-9]* | wc -l; kill -9 " + ProcessHandle.current().pid()));

            assertThat(Integer.parseInt(run.text(Stream.STDOUT).strip())).isLessThanOrEqualTo(5);
            assertThat(ProcessHandle.current().isAlive()).isTrue();
        });
    }

    @Test
    void itWritesToItsFolderAndToATemporaryOneOfItsOwn() throws Exception {
        Path outside = temporary.resolve("outside");
        within(workspace -> {
            Run run = run(workspace,
                    shell("echo in > kept; echo tmp > /tmp/cox-sandbox-test && cat /tmp/cox-sandbox-test;"
                            + " echo out 2>/dev/null > " + outside
                            + "; echo out 2>/dev/null > /usr/cox-sandbox-test; echo still"));

            assertThat(run.text(Stream.STDOUT)).isEqualTo("tmp\nstill\n");
            assertThat(workspace.read("kept", 10).block(PATIENCE)).isEqualTo("in\n".getBytes(StandardCharsets.UTF_8));
        });
        assertThat(outside).doesNotExist();
        assertThat(Path.of("/tmp/cox-sandbox-test")).doesNotExist();
        assertThat(Path.of("/usr/cox-sandbox-test")).doesNotExist();
    }

    @Test
    void whatItMustReadIsShownAlthoughItIsHidden() throws Exception {
        Path code = Files.createDirectories(hidden.resolve("versions/1"));
        Files.writeString(code.resolve("main"), "code");
        within(workspace -> {
            Run run = run(workspace, new Command(List.of("/bin/sh", "-c", "cat " + code + "/main; echo > " + code
                    + "/main; ls -A " + hidden), Map.of(), "", null, Command.DEFAULT_GRACE, Limits.NONE,
                    List.of(code)));

            assertThat(run.text(Stream.STDOUT)).startsWith("code").contains("versions").doesNotContain("journal");
        });
        assertThat(code.resolve("main")).hasContent("code");
    }

    @Test
    void theSandboxIsNotCounted() throws Exception {
        within(workspace -> {
            Mono<Workspace.Usage> running = workspace.usage().flatMap(usage -> workspace.stop(Workspace.Stop.KILL)
                    .thenReturn(usage));

            StepVerifier
                    .create(workspace.run(shell("echo up; exec sleep 300")).concatMap(event -> event instanceof Exited
                            ? Flux.<Integer>empty()
                            : event instanceof CommandEvent.Output
                                    ? running.map(Workspace.Usage::processes).flux()
                                    : Flux.<Integer>empty()))
                    .expectNext(1).expectComplete().verify(PATIENCE);
        });
    }

    @Test
    void aHostWithoutBubblewrapIsToldSo() {
        assertThatThrownBy(() -> Bubblewrap.find("/nowhere")).hasMessageContaining("install bubblewrap");
    }

    @Test
    void theNextLifeFindsWhatADeadOneLeftInSandboxes() throws Exception {
        Workspace workspace = Objects.requireNonNull(executor.open("left-over").block(PATIENCE));
        Flux<CommandEvent> events = workspace
                .run(shell("setsid sh -c 'echo up; exec sleep 300' & exec sleep 300")).replay(10).autoConnect();
        events.ofType(CommandEvent.Output.class).blockFirst(PATIENCE);

        ProcessExecutor next = newExecutor();
        Reaped reaped = Objects.requireNonNull(next.reap().block(PATIENCE));

        // bubblewrap outside and inside, and the two that sleep
        assertThat(reaped).isEqualTo(new Reaped(4, 1));
        assertThat(Path.of(workspace.pathOf(""))).doesNotExist();
        events.blockLast(PATIENCE);
        next.close();
    }
}
