package dev.coxswain.executors.kubernetes;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.executors.Executor;
import dev.coxswain.executors.ExecutorCompatibilityKit;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;

/** The rules of every executor, kept by pods of a {@link FakeCluster}. */
class KubernetesExecutorTest extends ExecutorCompatibilityKit {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path temporary;

    @SuppressWarnings("NullAway.Init")
    static FakeCluster cluster;
    @SuppressWarnings("NullAway.Init")
    static KubernetesExecutor executor;

    @BeforeAll
    static void make() throws IOException {
        cluster = new FakeCluster();
        executor = new KubernetesExecutor(new KubernetesConfig("jobs", "registry.example/job:1",
                new PodLimits(500, 1L << 30, 1L << 30), Duration.ofMinutes(1), Duration.ofHours(1), null, null,
                PodPlacement.ANYWHERE, "kit",
                temporary.resolve("state"), temporary.resolve("work")), Map.of(SECRET_NAME, SECRET_VALUE),
                Schedulers.parallel(), cluster::client, temporary.toRealPath().resolve("volumes").toString());
    }

    @AfterEach
    void nothingRunsOn() {
        assertThat(executor.running()).isZero();
        assertThat(cluster.pods()).isEmpty();
    }

    @AfterAll
    static void close() {
        executor.close();
        cluster.close();
    }

    @Override
    protected Executor executor() {
        return executor;
    }

    /** How fast this host answers as a cluster says nothing of one. */
    @Override
    protected Duration killLimit() {
        return Duration.ofSeconds(30);
    }
}
