package dev.coxswain.supervisor.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.simulator.Fault;
import dev.coxswain.supervisor.simulator.FaultProfile;
import dev.coxswain.supervisor.simulator.LocalRepository;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Workflows from the claim to the last artifact, two at once on one runner, and their end in each state. */
class ShithubIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int VOYAGE = 0;
    private static final int TOLERANCE = 1;
    private static final int BUILD = 2;
    private static final int PUBLISH = 3;
    private static final int REVIEW = 4;
    private static final int BROKEN = 5;
    private static final long LOG_BYTES = 50L << 20;

    @TempDir
    Path folder;
    private SupervisorFolder files;

    @BeforeEach
    void makeFolder() {
        files = new SupervisorFolder(folder);
    }

    private LocalRepository repository(String build) {
        return RealRepository.make(folder.resolve("sources"), Map.of("tools/build.sh", build));
    }

    private SupervisorProcess supervisor(ShithubServer server) throws IOException {
        Path tokens = Files.writeString(folder.resolve("tokens"), server.token() + "\n");
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(files.config(), """
                supervisor:
                  name: end-to-end
                  stateDir: ./state
                  workDir: ./work
                  admin: { listen: 127.0.0.1:0 }
                  metrics: { listen: 127.0.0.1:0 }
                slots: { total: 2 }
                controlPlanes:
                  actions: { protocol: shithub, url: "%s", requestsPerSecond: 50, poll: { min: 100ms, max: 500ms } }
                pools:
                  - name: actions
                    controlPlane: actions
                    credentials: { file: ./tokens }
                    slotsPerRunner: 2
                    labels: [ self-hosted, linux ]
                """.formatted(server.url()));
        return new SupervisorProcess(files, Map.of());
    }

    private Path pipe(String name) throws IOException, InterruptedException {
        Path pipe = folder.resolve(name);
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        return pipe;
    }

    private void end(SupervisorProcess process, ShithubServer server, int exitCode) throws InterruptedException {
        assertThat(process.awaitExit(Duration.ofSeconds(40))).as(process.logText()).isEqualTo(exitCode);
        assertThat(server.simulator().ledger().verdict().violations())
                .as(server.simulator().ledger().toJson(50, 50)).values().containsOnly(0L);
        assertThat(files.workspacesLeft()).isEmpty();
        assertThat(files.processesLeft()).isEmpty();
        assertThat(process.logText()).doesNotContain(server.token()).doesNotContain(" ERROR ");
    }

    @Test
    void workflowsRunWithCheckoutOutputsFailingAndSkippedStepsAnArtifactAndALongLog() throws Exception {
        LocalRepository repository = repository("""
                set -e
                mkdir -p build
                yes 'the tide comes in and goes out again' | head -c %d
                test "$(cat history.txt)" = 'the one'
                git log -1 --format=built:%%H > build/harbour.txt
                """.formatted(LOG_BYTES));
        try (ShithubServer server = new ShithubServer(repository, 6)) {
            String runners;
            try (SupervisorProcess process = supervisor(server)) {
                server.simulator().ledger().whenAllSettled().block(PATIENCE);
                runners = process.admin("runners");
                process.signal("TERM");
                end(process, server, 0);
            }
            assertThat(server.simulator().ledger().verdict().clean())
                    .as(server.simulator().ledger().toJson(50, 50)).isTrue();
            assertThat(runners).contains("\"total\":1");
            List<JsonNode> jobs = server.jobs();
            assertThat(jobs.stream().map(job -> job.path("conclusion").stringValue())).as(jobs.toString())
                    .containsExactly("success", "success", "success", "success", "success", "failure");
            assertThat(conclusions(jobs.get(VOYAGE))).containsExactly("success", "success", "success");
            assertThat(log(jobs.get(VOYAGE), 1)).startsWith("number 7 takes lamps with ");
            assertThat(conclusions(jobs.get(TOLERANCE))).containsExactly("failure", "skipped", "success");
            assertThat(conclusions(jobs.get(BROKEN))).containsExactly("success", "failure", "skipped");
            assertThat(jobs.get(BUILD).path("steps").path(1).path("bytes").asLong()).isEqualTo(LOG_BYTES);
            assertThat(jobs.get(BUILD).path("artifacts").path(0).path("received_bytes").asLong()).isPositive()
                    .isEqualTo(jobs.get(BUILD).path("artifacts").path(0).path("size_bytes").asLong());
            assertThat(jobs.get(PUBLISH).path("artifacts").path(0).path("name").stringValue()).isEqualTo("notes.zip");
            assertThat(log(jobs.get(BUILD), 2)).contains("with ***", "and again with ***");
            assertThat(conclusions(jobs.get(REVIEW))).containsExactly("success");
        }
    }

    private static List<String> conclusions(JsonNode job) {
        return job.path("steps").valueStream().map(step -> step.path("conclusion").stringValue()).toList();
    }

    private static String log(JsonNode job, int step) {
        return job.path("steps").path(step).path("log").stringValue();
    }

    @Test
    void aCancelKillsTheWholeTreeAndIsReported() throws Exception {
        Path started = pipe("started");
        LocalRepository repository = repository("""
                (trap '' TERM; setsid sleep 600) & sleep 600 &
                echo now > %s
                wait
                """.formatted(started));
        try (ShithubServer server = new ShithubServer(repository, 3)) {
            try (SupervisorProcess process = supervisor(server)) {
                assertThat(Files.readString(started)).isEqualTo("now\n");
                JsonNode job = server.jobs().get(BUILD);
                assertThat(job.path("status").stringValue()).isEqualTo("running");
                List<ProcessHandle> tree = files.processesLeft().stream().flatMap(pid -> ProcessHandle.of(pid).stream())
                        .toList();
                assertThat(tree).hasSizeGreaterThanOrEqualTo(4);
                server.cancel(job.path("id").asLong());
                for (ProcessHandle each : tree) {
                    each.onExit().get(60, TimeUnit.SECONDS);
                }
                server.simulator().ledger().whenAllSettled().block(PATIENCE);
                process.signal("TERM");
                end(process, server, 0);
            }
            assertThat(server.jobs().get(BUILD).path("status").stringValue()).isEqualTo("cancelled");
        }
    }

    /** Quiet: between two calls of the chain, mostly. Noisy: a log call is in flight nearly always. */
    @ParameterizedTest
    @ValueSource(strings = {"sleep 600", "yes 'what a noise'"})
    void signalsWhileAJobRunsLeaveNoneRunningAtTheServer(String work) throws Exception {
        Path started = pipe("started");
        LocalRepository repository = repository("echo now > %s\n%s\n".formatted(started, work));
        try (ShithubServer server = new ShithubServer(repository, 3)) {
            try (SupervisorProcess process = supervisor(server)) {
                assertThat(Files.readString(started)).isEqualTo("now\n");
                process.signal("TERM");
                process.live(Duration.ofMillis(500));
                process.signal("TERM");
                end(process, server, 3);
            }
            assertThat(server.jobs().get(BUILD).path("status").stringValue()).isEqualTo("cancelled");
            assertThat(server.jobs()).noneMatch(job -> job.path("status").stringValue().equals("running"));
        }
    }

    /** With a latency on all calls a claim is in flight nearly always when the fleet is idle. */
    @Test
    void aSignalWhileAClaimIsInFlightRunsWhatItBrings() throws Exception {
        try (ShithubServer server = new ShithubServer(repository("true\n"), 1,
                FaultProfile.of(Fault.LATENCY, 1))) {
            server.levers("{\"paused\":true}");
            try (SupervisorProcess process = supervisor(server)) {
                process.awaitStarted();
                server.levers("{\"paused\":false}");
                process.signal("TERM");
                assertThat(process.awaitExit(Duration.ofSeconds(60))).as(process.logText()).isZero();
            }
            assertThat(server.jobs().get(VOYAGE).path("status").stringValue()).isIn("queued", "completed");
            assertThat(server.simulator().ledger().verdict().violations()).values().containsOnly(0L);
        }
    }

    /** Lost answers, broken chains, restarts: what can't be settled is dropped, and the server cancels it. */
    @Test
    void underChaosEachJobIsSettledOrDroppedWithItsProcessesDead() throws Exception {
        try (ShithubServer server = new ShithubServer(repository("mkdir -p build; echo made > build/harbour.txt\n"), 10,
                FaultProfile.chaos())) {
            try (SupervisorProcess process = supervisor(server)) {
                server.simulator().ledger().whenAllSettled().block(PATIENCE);
                process.signal("TERM");
                end(process, server, 0);
            }
            assertThat(server.jobs()).noneMatch(job -> job.path("status").stringValue().equals("running"));
        }
    }

    @Test
    void trap5WhatAKilledSupervisorRanIsCancelledByTheNextOnesFirstHeartbeat() throws Exception {
        Path started = pipe("started");
        LocalRepository repository = repository("echo now > %s; sleep 600\n".formatted(started));
        try (ShithubServer server = new ShithubServer(repository, 3)) {
            try (SupervisorProcess process = supervisor(server)) {
                assertThat(Files.readString(started)).isEqualTo("now\n");
                process.kill();
            }
            assertThat(server.jobs().get(BUILD).path("status").stringValue()).isEqualTo("running");
            try (SupervisorProcess process = supervisor(server)) {
                server.simulator().ledger().whenAllSettled().block(PATIENCE);
                process.signal("TERM");
                assertThat(process.awaitExit(Duration.ofSeconds(40))).as(process.logText()).isZero();
            }
            assertThat(server.jobs().get(BUILD).path("status").stringValue()).isEqualTo("cancelled");
            assertThat(files.workspacesLeft()).isEmpty();
            assertThat(files.processesLeft()).isEmpty();
        }
    }
}
