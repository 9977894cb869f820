package dev.coxswain.supervisor.logs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.metrics.Meters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class JobLogsTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    // One thread: what was scheduled before is done before what is scheduled now.
    private final Scheduler files = Schedulers.newSingle("log-files");
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    @TempDir
    private Path folder;

    @AfterEach
    void giveThreadsBack() {
        files.dispose();
    }

    @Test
    void anEndedLogIsFoundUntilTwoHundredNewerOnesHaveEnded() {
        JobLogs logs = logs(1L << 30);
        for (int i = 0; i < 201; i++) {
            JobLog log = open(logs, "job " + i);
            append(log, "line of " + i);
            end(log);
        }

        assertThat(logs.find("job 0")).isEmpty();
        assertThat(text(logs.find("job 1"))).isEqualTo("line of 1");
        assertThat(text(logs.find("job 200"))).isEqualTo("line of 200");
        assertThat(logs.find("nobody")).isEmpty();
    }

    @Test
    void theOldestSpillGoesWhenEndedLogsTakeTooMuchDisk() throws Exception {
        JobLogs logs = logs(250_000);
        for (int i = 0; i < 4; i++) {
            JobLog log = open(logs, "job " + i);
            append(log, "x".repeat(100_000));
            end(log);
        }
        settleFiles();

        assertThat(logs.find("job 1")).isEmpty();
        assertThat(text(logs.find("job 2"))).hasSize(100_000);
        assertThat(names()).hasSize(2);
        assertThat(registry.get("coxswain_log_spill_bytes").gauge().value()).isEqualTo(200_000);
        assertThat(registry.get("coxswain_log_buffer_bytes").gauge().value()).isZero();
    }

    @Test
    void filesOfAFormerLifeGoAtTheStartAndForeignOnesStay() throws Exception {
        Files.writeString(folder.resolve("job-7-0.log"), "old");
        Files.writeString(folder.resolve("notes.log"), "mine");

        logs(1L << 30);
        settleFiles();

        assertThat(names()).containsExactly("notes.log");
    }

    @Test
    void aKeyIsOpenOnceAtATimeAndANewLogTakesThePlaceOfAnEndedOne() {
        JobLogs logs = logs(1L << 30);
        JobLog first = open(logs, "job");
        append(first, "first");

        StepVerifier.create(logs.open("job", "plane", SecretSet.NONE))
                .expectErrorMessage("the log of job job is open already")
                .verify(SOON);
        end(first);
        append(open(logs, "job"), "second");

        assertThat(text(logs.find("job"))).isEqualTo("second");
    }

    @Test
    void secretsThatCannotAllBeMaskedRefuseTheLogAndLeaveTheKeyFree() {
        JobLogs logs = logs(1L << 30);

        StepVerifier.create(logs.open("job", "plane", new SecretSet(List.of(new Secret("s".repeat(300_000))))))
                .expectError(LogException.class).verify(SOON);

        assertThat(logs.find("job")).isEmpty();
        append(open(logs, "job"), "fine");
    }

    @Test
    void closeEndsWhatIsOpenAndRefusesMore() {
        JobLogs logs = logs(1L << 30);
        JobLog log = open(logs, "job");
        append(log, "line");

        StepVerifier.create(log.follow().map(bytes -> new String(bytes, StandardCharsets.UTF_8))).expectNext("line")
                .then(() -> StepVerifier.create(logs.close()).expectComplete().verify(SOON)).expectComplete()
                .verify(SOON);

        StepVerifier.create(logs.close()).expectComplete().verify(SOON);
        StepVerifier.create(logs.open("next", "plane", SecretSet.NONE)).expectError(LogException.class).verify(SOON);
    }

    @Test
    void bytesAreCountedForEachControlPlane() {
        JobLogs logs = logs(1L << 30);
        append(open(logs, "a"), "four");
        JobLog other = logs.open("b", "other", SecretSet.NONE).blockOptional(SOON).orElseThrow();
        append(other, "sixsix");

        assertThat(
                registry.get("coxswain_log_bytes_total").tag("control_plane", "plane").tag("result", "kept").counter()
                        .count())
                .isEqualTo(4);
        assertThat(
                registry.get("coxswain_log_bytes_total").tag("control_plane", "other").tag("result", "kept").counter()
                        .count())
                .isEqualTo(6);
    }

    private JobLogs logs(long maxEndedBytes) {
        return new JobLogs(LogsConfig.DEFAULT, folder, files, new Meters(registry), SpillFiles.ON_DISK, maxEndedBytes);
    }

    private static JobLog open(JobLogs logs, String key) {
        return logs.open(key, "plane", SecretSet.NONE).blockOptional(SOON).orElseThrow();
    }

    private static void append(JobLog log, String text) {
        StepVerifier.create(log.append(text.getBytes(StandardCharsets.UTF_8))).expectComplete().verify(SOON);
    }

    private static void end(JobLog log) {
        StepVerifier.create(log.end()).expectComplete().verify(SOON);
    }

    private static String text(Optional<JobLog> log) {
        return log.orElseThrow().read().map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .collect(Collectors.joining()).blockOptional(SOON).orElseThrow();
    }

    private void settleFiles() {
        StepVerifier.create(Mono.fromRunnable(() -> {}).subscribeOn(files)).expectComplete()
                .verify(SOON);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).toList();
        }
    }
}
