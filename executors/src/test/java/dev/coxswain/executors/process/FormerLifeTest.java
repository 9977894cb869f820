package dev.coxswain.executors.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.Executor.Reaped;
import dev.coxswain.executors.Workspace;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;

/** What a supervisor that died leaves is found and ended by the next one, and nothing else is. */
class FormerLifeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path workDir;

    private ProcessExecutor life(boolean cgroups) {
        return new ProcessExecutor(new ProcessConfig(workDir, 2), ProcessExecutorTest.HOST, Schedulers.parallel(),
                cgroups ? Cgroups::of : folder -> null, Spawner::ofHost);
    }

    @ParameterizedTest
    @CsvSource({"true, true", "false, false", "true, false", "false, true"})
    void processesAndWorkspacesOfAnAbandonedLifeAreEnded(boolean before, boolean after) throws Exception {
        ProcessExecutor former = life(before);
        Workspace workspace = Objects.requireNonNull(former.open("left-over").block(PATIENCE));
        Command command = new Command(List.of("/bin/sh", "-c", ProcessExecutorTest.DAEMONS + "echo up; exec sleep 300"),
                Map.of(), "", null, Duration.ofSeconds(1));
        Flux<CommandEvent> events = workspace.run(command).replay(10).autoConnect();
        events.ofType(CommandEvent.Output.class).blockFirst(PATIENCE);
        int daemon = ProcessExecutorTest.pid(workspace, "d2");
        Path folder = Path.of(workspace.pathOf(""));

        ProcessExecutor next = life(after);
        Reaped reaped = next.reap().block(PATIENCE);
        Reaped again = next.reap().block(PATIENCE);

        assertThat(reaped).isEqualTo(new Reaped(4, 1));
        assertThat(again).isEqualTo(new Reaped(0, 0));
        ProcessExecutorTest.assertDead(daemon);
        assertThat(folder).doesNotExist();
        events.blockLast(PATIENCE);
        next.close();
        former.close();
    }

    @Test
    void aPidThatNowBelongsToAnotherProcessIsLeftAlone() throws Exception {
        Process other = new ProcessBuilder("sleep", "300").start();
        try (ProcessExecutor next = life(true)) {
            Path records = Files.createDirectory(workDir.resolve(".cox"));
            long start = Objects.requireNonNull(ProcTable.stat((int) other.pid())).start();
            Files.writeString(records.resolve("job-1"),
                    other.pid() + " " + (start - 1) + " -\n" + other.pid() + " " + (start + 1) + " /etc\ncut off");
            Files.createDirectory(workDir.resolve("job-1"));

            assertThat(next.reap().block(PATIENCE)).isEqualTo(new Reaped(0, 1));

            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aFolderThatWeDidNotMakeStays() throws Exception {
        Path foreign = Files.createDirectory(workDir.resolve("photos"));
        try (ProcessExecutor next = life(true)) {
            assertThat(next.reap().block(PATIENCE)).isEqualTo(new Reaped(0, 0));
        }
        assertThat(foreign).exists();
    }
}
