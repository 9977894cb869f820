package dev.coxswain.executors.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.CommandEvent.Exited;
import dev.coxswain.executors.Limits;
import dev.coxswain.executors.Workspace;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;

/** What a command may take of this host: held by a control group (a stand-in for one, here), or as well as it goes. */
class CommandLimitsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Limits SMALL = new Limits(250, 64L << 20, 100);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void withoutGroupsMemoryIsLookedAt() {
        List<CommandEvent> events = run(path -> null, Limits.NONE,
                command(SMALL, "perl", "-e", "$all = 'x' x (200 << 20); print 'held'; sleep 300"));

        assertThat(events.getLast()).isEqualTo(new Exited(137, false, true));
    }

    @Test
    void whatAChildHoldsCountsAsWell() {
        List<CommandEvent> events = run(path -> null, new Limits(0, 64L << 20, 0),
                command(Limits.NONE, "/bin/sh", "-c", "perl -e '$all = \"x\" x (200 << 20); sleep 300'; true"));

        assertThat(events.getLast()).isEqualTo(new Exited(137, false, true));
    }

    @Test
    void withoutGroupsLessOfTheCpuIsLessWeight() {
        assertThat(text(run(path -> null, Limits.NONE, command(SMALL, "nice")))).isEqualTo("6");
        assertThat(text(run(path -> null, new Limits(500, 0, 0), command(Limits.NONE, "nice")))).isEqualTo("3");
        // whatever the command's own PATH is
        assertThat(run(path -> null, SMALL, new Command(List.of("/bin/sh", "-c", ":"), Map.of("PATH", "/nowhere"), "",
                null, Command.DEFAULT_GRACE)).getLast()).isEqualTo(new Exited(0, false, false));
    }

    @Test
    void aGroupIsGivenTheLimitsBeforeTheCommandBegins() throws IOException {
        StandInGroups groups = new StandInGroups(folder.resolve("groups"));
        Path base = groups.base(groups.group("own", "cpu memory pids", ""), "jobs");

        List<CommandEvent> events = run(path -> below(base, groups), new Limits(2000, 32L << 20, 0),
                command(SMALL, "/bin/sh", "-c", "cd " + base + "/job-1.1; nice;"
                        + " for file in cpu.max memory.max memory.oom.group pids.max; do cat $file; echo; done; rm cpu.max memory.* pids.max cgroup.procs"));

        // no weight where there is a limit
        assertThat(text(events).lines()).containsExactly("0", "25000 100000", "33554432", "1", "100");
        assertThat(events.getLast()).isEqualTo(new Exited(0, false, false));
        assertThat(base.resolve("job-1.1")).doesNotExist();
    }

    @Test
    void whatTheSystemKilledForItsMemoryIsTold() throws IOException {
        StandInGroups groups = new StandInGroups(folder.resolve("groups"));
        Path base = groups.base(groups.group("own", "memory", ""), "jobs");

        // what the kernel would have written
        List<CommandEvent> events = run(path -> below(base, groups), SMALL, command(Limits.NONE, "/bin/sh", "-c",
                "printf 'low 0\nhigh 0\nmax 7\noom 1\noom_kill 3\n' > " + base + "/job-1.1/memory.events; kill -9 $$"));

        assertThat(events.getLast()).isEqualTo(new Exited(137, false, true));
    }

    @Test
    void theSmallerLimitHolds() {
        assertThat(new Limits(500, 0, 7).and(new Limits(250, 9, 8))).isEqualTo(new Limits(250, 9, 7));
        assertThat(new Limits(1, 0, 3).kinds()).isEqualTo(EnumSet.of(Limits.Kind.CPU, Limits.Kind.PIDS));
    }

    private static Cgroups below(Path base, StandInGroups groups) {
        try {
            Path home = Objects.requireNonNull(base.getParent());
            return Cgroups.below(Delegation.take(home, 1, groups), String.valueOf(base.getFileName()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<CommandEvent> run(Function<Path, @Nullable Cgroups> cgroups, Limits limits, Command command) {
        try (ProcessExecutor executor = new ProcessExecutor(
                new ProcessConfig(folder.resolve("work"), 2, limits, null), ProcessExecutorTest.HOST,
                Schedulers.parallel(), cgroups, JdkSpawner::new)) {
            return Objects.requireNonNull(Mono.usingWhen(executor.open("job-1"),
                    workspace -> workspace.run(command).collectList(), Workspace::close).block(PATIENCE));
        }
    }

    private static Command command(Limits limits, String... argv) {
        return new Command(List.of(argv), Map.of(), "", null, Command.DEFAULT_GRACE, limits, List.of());
    }

    private static String text(List<CommandEvent> events) {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> {
            if (event instanceof CommandEvent.Output output) {
                text.append(new String(output.bytes(), java.nio.charset.StandardCharsets.UTF_8));
            }
        });
        return text.toString().strip();
    }
}
