package dev.coxswain.executors.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.executors.Limits;

import static org.assertj.core.api.Assertions.assertThat;

/** What may be had of a host's control groups, on a stand-in for them. */
class DelegationTest {
    private static final long OURS = 4711;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path mount;

    @SuppressWarnings("NullAway.Init")
    private StandInGroups groups;

    @BeforeEach
    void make() {
        groups = new StandInGroups(mount);
    }

    private Delegation take(Path own) {
        return Delegation.take(own, OURS, groups);
    }

    @Test
    void aServiceOfItsOwnMovesAsideAndHandsEverythingDown() throws IOException {
        Path own = groups.group("coxswain.service", "cpuset cpu io memory pids", "4711\n");

        Delegation taken = take(own);

        assertThat(taken).isEqualTo(new Delegation(own, EnumSet.allOf(Limits.Kind.class), ""));
        assertThat(own.resolve("supervisor/cgroup.procs")).hasContent("4711");
        assertThat(own.resolve("cgroup.procs")).hasContent("");
        assertThat(own.resolve("cgroup.subtree_control")).hasContent("cpu memory pids");
    }

    @Test
    void whoeverMovedAsideBeforeFindsTheSameGroupAgain() throws IOException {
        Path own = groups.group("coxswain.service", "cpu memory pids", "4711\n");
        Delegation first = take(own);

        assertThat(take(own.resolve("supervisor"))).isEqualTo(first);
        assertThat(own.resolve("supervisor/supervisor")).doesNotExist();
    }

    @Test
    void whatTheServiceManagerDidIsNotDoneAgain() throws IOException {
        Path own = groups.group("coxswain.service", "cpu memory pids", "");
        Files.writeString(own.resolve("cgroup.subtree_control"), "cpu memory pids\n");
        Path supervisor = groups.group("coxswain.service/supervisor", "cpu memory pids", "4711\n");

        assertThat(take(supervisor).home()).isEqualTo(own);
        assertThat(own.resolve("cgroup.subtree_control")).hasContent("cpu memory pids");
    }

    @Test
    void othersAreNotMoved() throws IOException {
        Path own = groups.group("session-2.scope", "memory pids", "1\n4711\n77\n");

        Delegation taken = take(own);

        assertThat(taken.held()).isEmpty();
        assertThat(taken.why()).contains("other processes are in it (2)", "Delegate=yes");
        assertThat(own.resolve("cgroup.procs")).hasContent("1\n4711\n77");
        assertThat(own.resolve("supervisor")).doesNotExist();
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        Path own = groups.group("some", "memory", "");

        Delegation taken = take(own);

        assertThat(taken.held()).isEqualTo(Set.of(Limits.Kind.MEMORY));
        assertThat(taken.why()).isEqualTo(own + " has no controller for cpu, pids");
        assertThat(take(groups.group("none", "hugetlb", "")).why()).endsWith("has no controller for it");
        assertThat(take(mount.resolve("gone")).why()).contains("can't be handed down");
    }
}
