package dev.coxswain.supervisor.endtoend;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.notify.DatagramSocketFile;
import dev.coxswain.supervisor.simulator.Simulator;
import dev.coxswain.supervisor.simulator.SimulatorConfig;
import dev.coxswain.supervisor.simulator.Verdict;

import static org.assertj.core.api.Assertions.assertThat;

/** The distribution as a server gets it: unpacked, warmed, started as a service, updated while jobs run. */
@Timeout(value = 400, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DistributionIT {
    private static final String STUDIO = "xenonflare-studio";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int JOBS = 12;
    private static final int FIRST_WITH_A_CACHE = 25;

    @TempDir
    Path folder = Path.of("");

    @Test
    void aServiceIsUpdatedWhileJobsRunAndEachEndsOnce() throws Exception {
        Path first = unpacked("one");
        if (Runtime.version().feature() >= FIRST_WITH_A_CACHE) {
            warm(first);
        }
        Simulator simulator = Objects.requireNonNull(new Simulator(
                SimulatorConfig.defaults().withJobs(JOBS).withLeaseLength(Duration.ofSeconds(30))).start().block());
        SupervisorFolder files = new SupervisorFolder(Files.createDirectory(folder.resolve("service")));
        files.write(simulator.url(STUDIO), simulator.tokens(STUDIO), 4, "drain: { grace: 1m }", """
                sleep 0.3
                echo '{"story":{"scenes":[{"narration":"one"}]}}' > "$COX_OUTPUT_DIR/result.json"
                """, "");
        String socket = folder.resolve("notify").toString();
        try (DatagramSocketFile manager = new DatagramSocketFile(socket)) {
            Process before = start(first, files, Map.of("NOTIFY_SOCKET", socket, "WATCHDOG_USEC", "60000000"));
            try {
                assertThat(manager.next()).isEqualTo("READY=1 STATUS=leasing");
                assertThat(manager.next()).isEqualTo("WATCHDOG=1");
                assertMapped(before, first);
                awaitSettled(simulator, settled -> settled >= 3);
                before.destroy();
                assertThat(manager.nextNews()).isEqualTo("STOPPING=1 STATUS=draining");
                assertThat(exit(before)).as(log(files)).isZero();
            } finally {
                before.destroyForcibly();
            }
            assertThat(simulator.ledger().verdict().leased()).as("what is held while nobody runs").isZero();
            assertThat(simulator.ledger().verdict().completed()).isBetween(3L, JOBS - 1L);

            Process after = start(unpacked("two"), files, Map.of("NOTIFY_SOCKET", socket));
            try {
                assertThat(manager.next()).isEqualTo("READY=1 STATUS=leasing");
                simulator.ledger().whenAllSettled().block(PATIENCE);
                after.destroy();
                assertThat(manager.next()).isEqualTo("STOPPING=1 STATUS=draining");
                assertThat(exit(after)).as(log(files)).isZero();
            } finally {
                after.destroyForcibly();
            }
            Verdict verdict = simulator.ledger().verdict();
            assertThat(verdict.completed()).as(verdict.toJson()).isEqualTo(JOBS);
            assertThat(verdict.violations()).as(verdict.toJson())
                    .allSatisfy((rule, count) -> assertThat(count).isZero());
        } finally {
            simulator.stop().block();
        }
    }

    /** The same script as in the image. */
    private void warm(Path distribution) throws Exception {
        // what is no cache must not keep the supervisor from starting, so neither this script
        Files.writeString(distribution.resolve("lib/coxswain.aot"), "no cache");
        File said = folder.resolve("warm.log").toFile();
        Process warm = builder(distribution, List.of(distribution.resolve("warm").toString()))
                .redirectErrorStream(true).redirectOutput(said).start();
        assertThat(warm.waitFor(PATIENCE.toSeconds() * 4, TimeUnit.SECONDS)).isTrue();
        assertThat(warm.exitValue()).as(Files.readString(said.toPath())).isZero();
        assertThat(distribution.resolve("lib/coxswain.aot")).isNotEmptyFile();
    }

    /** A cache that fits is in the memory of the process. */
    private static void assertMapped(Process supervisor, Path distribution) throws IOException {
        if (Files.exists(distribution.resolve("lib/coxswain.aot"))) {
            assertThat(Path.of("/proc/" + supervisor.pid() + "/maps")).content()
                    .contains(distribution.toRealPath() + "/lib/coxswain.aot");
        }
    }

    private Path unpacked(String name) throws Exception {
        Path archive;
        try (Stream<Path> made = Files.list(Path.of("target"))) {
            archive = made.filter(file -> file.toString().matches(".*/coxswain-[^/]*\\.tar\\.gz")).findFirst()
                    .orElseThrow(() -> new AssertionError("no distribution: mvn package makes it"));
        }
        Path place = Files.createDirectory(folder.resolve(name));
        assertThat(new ProcessBuilder("tar", "-xzf", archive.toAbsolutePath().toString(), "-C", place.toString(),
                "--strip-components=1").inheritIO().start().waitFor()).isZero();
        assertThat(place).isDirectoryContaining("glob:**/cox").isDirectoryContaining("glob:**/warm")
                .isDirectoryContaining("glob:**/LICENSE").isDirectoryContaining("glob:**/README.md")
                .isDirectoryContaining("glob:**/fleet.schema.json").isDirectoryContaining("glob:**/systemd")
                .isDirectoryContaining("glob:**/completions").isDirectoryContaining("glob:**/grafana");
        assertThat(place.resolve("examples/shorts-render")).isExecutable();
        return place;
    }

    private Process start(Path distribution, SupervisorFolder files, Map<String, String> environment)
            throws IOException {
        ProcessBuilder builder = builder(distribution,
                List.of(distribution.resolve("cox").toString(), "run", "-c", files.config().toString()));
        builder.environment().putAll(environment);
        return builder.directory(files.folder().toFile()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(files.folder().resolve("log").toFile())).start();
    }

    private ProcessBuilder builder(Path distribution, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(distribution.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("COX_") || name.startsWith("JAVA_"));
        builder.environment().put("COX_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
        return builder;
    }

    private static int exit(Process process) throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static String log(SupervisorFolder files) throws IOException {
        return Files.readString(files.folder().resolve("log"));
    }

    private static void awaitSettled(Simulator simulator, LongPredicate enough) {
        simulator.ledger().settled().filter(job -> enough.test(job.settled())).next().block(PATIENCE);
    }
}
