package dev.coxswain.executors.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What the C library starts: told of its end once, with its own exit code, and left to nobody as a zombie. */
class NativeSpawnerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @SuppressWarnings("NullAway.Init")
    private Spawner spawner;

    @BeforeEach
    void make() {
        assumeTrue(Libc.PRESENT, "this host's C library lacks something");
        spawner = Objects.requireNonNull(NativeSpawner.ofHost());
    }

    @AfterEach
    void close() {
        spawner.close();
    }

    private Child spawn(String script) throws Exception {
        return spawner.spawn(new Spawner.Start("/bin/sh", List.of("sh", "-c", script), Map.of("PATH", "/usr/bin:/bin"),
                Path.of("/"), null, Path.of("/nowhere")));
    }

    private static int exit(Child child) throws Exception {
        return child.exit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void eachEndIsToldWithItsOwnCode() throws Exception {
        List<Child> children = new ArrayList<>();
        for (int code = 0; code < 40; code++) {
            children.add(spawn("exit " + code));
        }
        for (int code = 0; code < 40; code++) {
            assertThat(exit(children.get(code))).isEqualTo(code);
            assertThat(children.get(code).alive()).isFalse();
            assertThat(ProcTable.stat(children.get(code).pid())).isNull();
            children.get(code).closePipes();
        }
    }

    @Test
    void afterTheEndNobodyIsKilledInItsPlace() throws Exception {
        Child child = spawn("exit 0");
        exit(child);

        assertThat(child.kill()).isFalse();
        child.closePipes();
    }

    @Test
    void whatRunsWhenTheSpawnerIsClosedIsStillWaitedFor() throws Exception {
        Child child = spawn("exec sleep 300");
        spawner.close();

        assertThat(child.kill()).isTrue();

        assertThat(exit(child)).isEqualTo(137);
        assertThat(ProcTable.stat(child.pid())).isNull();
    }

    @Test
    void aClosedSpawnerStartsNothing() {
        spawner.close();

        assertThatThrownBy(() -> spawn("true")).hasMessageContaining("closed");
    }
}
