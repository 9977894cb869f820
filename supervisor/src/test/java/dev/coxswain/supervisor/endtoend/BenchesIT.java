package dev.coxswain.supervisor.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.bench.FunctionsBench;
import dev.coxswain.supervisor.bench.IdleBench;
import dev.coxswain.supervisor.bench.LifecycleBench;
import dev.coxswain.supervisor.bench.LogsBench;
import dev.coxswain.supervisor.bench.PickupBench;
import dev.coxswain.supervisor.bench.SpawnBench;
import dev.coxswain.supervisor.bench.UploadsBench;
import tools.jackson.databind.JsonNode;

import static dev.coxswain.supervisor.bench.BenchReports.assertFinite;
import static dev.coxswain.supervisor.bench.BenchReports.measured;
import static dev.coxswain.supervisor.bench.BenchReports.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Each bench with counts that say nothing about speed: whether it measures everything it promises, and cleans up. */
class BenchesIT {
    @TempDir
    Path folder = Path.of("");

    @Test
    void lifecycleMeasuresEveryContenderAndComparesItWithTheMinimalLoop() throws IOException {
        JsonNode report = measured(new LifecycleBench(1_001, 8, 30, 0, 1, 60), folder);

        assertThat(names(report)).containsExactly("minimal loop", "virtual threads", "engine, journal off",
                "engine, journal on", "engine, journal off, 1,000 runners");
        assertFinite(report, "perSecond", "cpuPer1000", "timesCpu");
        assertThat(report.path("goals")).hasSize(6);
    }

    @Test
    void idleMeasuresMemoryOfRunnersAndThePriceOfAPoll() throws IOException {
        JsonNode report = measured(new IdleBench(List.of(500), List.of(2), 1, 3, 50, 0, 1), folder);

        assertThat(names(report)).containsExactly("poll, minimal loop", "poll, engine", "500 runners",
                "500 runners, ZGC", "2 tokens");
        assertThat(report.path("rows").path(2).path("heapEach").isNumber()).isTrue();
        assertThat(report.path("rows").path(1).path("timesCpu").isNumber()).isTrue();
        assertThat(report.path("rows").path(3).path("lateP99").isNumber()).isTrue();
        assertThat(report.path("rows").path(4).path("rssMiB").asDouble()).isPositive();
    }

    @Test
    void pickupGivesEveryJobOfBothSidesAWait() throws IOException {
        JsonNode report = measured(new PickupBench(4, 50, 2, 2, 0.1, 1, 3), folder);

        assertThat(names(report)).containsExactly("fixed interval", "engine");
        assertFinite(report, "requests", "taken", "p50", "p99", "timesP50");
        assertThat(report.path("rows").path(1).path("taken").asInt()).isEqualTo(4);
    }

    @Test
    void spawnComparesTheExecutorAndAWholeJobWithTheFloor() throws IOException {
        assumeTrue(program("cc", "gcc", "clang", "python3"), "no compiler and no python3");

        JsonNode report = measured(new SpawnBench(5, 2, 0, 1, 60), folder);

        assertThat(names(report)).hasSize(4).element(0).asString().startsWith("posix_spawn");
        assertFinite(report, "perSecond", "cpuPer1000", "timesRate");
    }

    @Test
    void uploadsAreComparedLargeAndSmall() throws IOException {
        assumeTrue(program("curl"), "no curl");

        JsonNode report = measured(new UploadsBench(1, 2, 5, 0, 0, 1), folder);

        assertThat(names(report)).containsExactly("large, curl", "large, minimal sendFile", "large, uploads",
                "large HTTPS, curl", "large HTTPS, uploads", "4 KiB, curl", "4 KiB, minimal sendFile", "4 KiB, uploads",
                "memory, HTTP, 100 MiB", "memory, HTTPS, 100 MiB");
        assertFinite(report, "gigabytesPerSecond", "cpuPerGigabyte");
    }

    @Test
    void functionsAreComparedWithAPlainServer() throws IOException {
        assumeTrue(program("node"), "no node");

        JsonNode report = measured(new FunctionsBench(2, 10, 2, 0, 1, 60), folder);

        assertThat(names(report)).containsExactly("plain Node.js server", "function, warm",
                "plain Node.js server, several at a time", "function, warm, several at a time", "function, cold");
        assertFinite(report, "p50", "p99", "perSecond");
        assertThat(report.path("rows").path(4).path("pssMiB").asDouble()).isPositive();
    }

    @Test
    void logsAreComparedWithAPipe() throws IOException {
        assumeTrue(program("base64"), "no base64");

        JsonNode report = measured(new LogsBench(16, 0, 1), folder);

        assertThat(names(report)).hasSize(4).startsWith("base64 pipe");
        assertFinite(report, "perSecond", "timesRate");
    }

    private static boolean program(String... names) {
        return Stream.of(names).anyMatch(name -> Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place, name))));
    }
}
