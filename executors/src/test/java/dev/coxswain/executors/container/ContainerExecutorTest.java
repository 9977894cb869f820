package dev.coxswain.executors.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.executors.Executor;
import dev.coxswain.executors.ExecutorCompatibilityKit;
import dev.coxswain.executors.Limits;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules of every executor, kept in containers of a {@link FakeEngine}; or of a real one, where the properties
 * {@code coxswain.container.socket} and {@code coxswain.container.image} name it.
 */
class ContainerExecutorTest extends ExecutorCompatibilityKit {
    private static final @Nullable String SOCKET = System.getProperty("coxswain.container.socket");
    private static final String IMAGE = System.getProperty("coxswain.container.image", "registry.example/job:1");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path temporary;

    static @Nullable FakeEngine engine;
    @SuppressWarnings("NullAway.Init")
    static ContainerExecutor executor;

    @BeforeAll
    static void make() throws IOException {
        Path socket = temporary.resolve("engine.sock");
        if (SOCKET == null) {
            engine = new FakeEngine(socket, IMAGE);
        } else {
            socket = Path.of(SOCKET);
        }
        executor = new ContainerExecutor(new ContainerConfig(IMAGE, socket, null, ContainerConfig.Pull.NEVER, null,
                Duration.ofMinutes(1), Limits.NONE, "kit", temporary.resolve("state"), temporary.resolve("work")),
                Map.of(SECRET_NAME, SECRET_VALUE), Schedulers.parallel());
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        assertThat(executor.running()).isZero();
        if (engine != null) {
            assertThat(engine.all).isEmpty();
        }
        try (Stream<Path> left = Files.list(temporary.resolve("work"))) {
            assertThat(left).allMatch(path -> path.endsWith(".containers"));
        }
    }

    @AfterAll
    static void close() {
        executor.close();
        if (engine != null) {
            engine.close();
        }
    }

    @Override
    protected Executor executor() {
        return executor;
    }

    /** How fast an engine answers says nothing of us. */
    @Override
    protected Duration killLimit() {
        return Duration.ofSeconds(30);
    }
}
