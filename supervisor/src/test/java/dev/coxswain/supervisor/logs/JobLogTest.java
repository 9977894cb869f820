package dev.coxswain.supervisor.logs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.metrics.Meters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class JobLogTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int KIB = 1024;

    private final Scheduler files = Schedulers.newBoundedElastic(2, 1000, "log-files");
    private final Scheduler single = Schedulers.newSingle("log-file");
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    @TempDir
    private Path folder;

    @AfterEach
    void giveThreadsBack() {
        files.dispose();
        single.dispose();
    }

    @Test
    void aSmallLogIsReadableAtOnceAndNeverTouchesTheDisk() {
        JobLog log = open(1 << 20, 1 << 30);

        append(log, "one\n", "two\n");

        assertThat(read(log)).asString(StandardCharsets.UTF_8).isEqualTo("one\ntwo\n");
        end(log);
        assertThat(read(log)).asString(StandardCharsets.UTF_8).isEqualTo("one\ntwo\n");
        assertThat(spillFiles()).isEmpty();
        assertThat(gauge("coxswain_log_buffer_bytes")).isEqualTo(8);
    }

    @Test
    void aSecretIsFoundThoughTheOtherStreamCutsIn() {
        JobLog log = open(1 << 20, 1 << 30);
        log.addSecret(new Secret("long-enough-to-be-a-secret"));

        log.append(CommandEvent.Stream.STDOUT, utf8("it is long-eno")).block();
        log.append(CommandEvent.Stream.STDERR, utf8("no: long-enough-to-be-a-secret\n")).block();
        log.append(CommandEvent.Stream.STDOUT, utf8("ugh-to-be-a-secret\n")).block();

        end(log);
        assertThat(read(log)).asString(StandardCharsets.UTF_8).isEqualTo("it is no: ***\n***\n");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void anIdleLogHoldsNoMemory() {
        open(1 << 20, 1 << 30);

        assertThat(gauge("coxswain_log_buffer_bytes")).isZero();
    }

    @Test
    void aLogWithinItsBoundsIsKeptWhole() {
        JobLog log = open(1 << 20, 1 << 30);
        byte[] written = write(log, 900 * KIB, new Random(1));

        assertThat(read(log)).isEqualTo(written);
        end(log);
        assertThat(read(log)).isEqualTo(written);
        assertThat(log.droppedBytes()).isZero();
        assertThat(log.writtenBytes()).isEqualTo(written.length);
        assertThat(gauge("coxswain_log_buffer_bytes")).isZero();
        assertThat(gauge("coxswain_log_spill_bytes")).isEqualTo(written.length);
    }

    @Test
    void aLogFarBeyondItsSpillKeepsTheNewestBytesAndCountsTheRest() {
        // The limits and the log are those of 64 MiB and 5 GiB, a thousand times smaller.
        JobLog log = open(64 * KIB, 5 * 1024 * KIB);
        byte[] written = write(log, 5 * 1000 * KIB, new Random(2));
        end(log);

        byte[] kept = read(log);

        assertThat(kept.length).isBetween(32 * KIB, 64 * KIB);
        assertThat(kept).isEqualTo(Arrays.copyOfRange(written, written.length - kept.length, written.length));
        assertThat(log.droppedBytes()).isEqualTo(written.length - kept.length);
        assertThat(gauge("coxswain_log_spill_bytes")).isEqualTo(kept.length);
        assertThat(counter("kept")).isEqualTo(written.length);
        assertThat(counter("dropped")).isEqualTo(written.length - kept.length);
    }

    @Test
    void segmentsOfOddSizeBorderOnEachOther() {
        // One thread for files: each read comes after the drain that its append started.
        JobLog log = open(2 * 50_001, 1 << 30, SpillFiles.ON_DISK, single);
        Random random = new Random(3);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < 40; i++) {
            all.writeBytes(write(log, 1 + random.nextInt(9000), random));
            byte[] kept = read(log);
            byte[] written = all.toByteArray();
            assertThat(kept).isEqualTo(Arrays.copyOfRange(written, written.length - kept.length, written.length));
            assertThat(log.droppedBytes()).isEqualTo(written.length - kept.length);
        }
    }

    @Test
    void anAppendBeyondTheLimitFailsAndTheLogStaysReadable() {
        JobLog log = open(1 << 20, 3 * KIB);
        append(log, "x".repeat(2 * KIB));

        StepVerifier.create(log.append(new byte[2 * KIB])).expectErrorMessage(
                "the job wrote more than 3 KiB of log (supervisor.logs.maxPerJob)").verify(SOON);

        assertThat(read(log)).hasSize(2 * KIB);
        end(log);
        StepVerifier.create(log.append(new byte[1])).expectError(LogException.class).verify(SOON);
    }

    @Test
    void whatIsHeldBackComesWithTheEnd() {
        JobLog log = open(1 << 20, 1 << 30);
        log.addSecret(new Secret("topsecret"));

        append(log, "a topsecret and tops");

        assertThat(read(log)).asString(StandardCharsets.UTF_8).isEqualTo("a *** and ");
        end(log);
        assertThat(read(log)).asString(StandardCharsets.UTF_8).isEqualTo("a *** and tops");
        assertThat(log.mask("curl -H topsecret")).isEqualTo("curl -H ***");
    }

    @Test
    void aFullDiskCostsOldBytesButFailsNothing() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/full")), "this host has no /dev/full");
        JobLog log = open(1 << 20, 1 << 30, path -> FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE));

        assertNewestRingIsKept(log);
    }

    @Test
    void aFolderThatCannotBeMadeCostsOldBytesButFailsNothing() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "no folder");
        folder = file.resolve("spill");
        JobLog log = open(1 << 20, 1 << 30);

        assertNewestRingIsKept(log);
    }

    @Test
    void aDiskThatFillsUpLaterKeepsWhatItTook() {
        int[] made = {0};
        JobLog log = open(400 * KIB, 1 << 30, path -> {
            if (made[0]++ > 0) {
                throw new IOException("No space left on device");
            }
            return SpillFiles.ON_DISK.create(path);
        });
        byte[] written = write(log, 1000 * KIB, new Random(6));
        end(log);

        byte[] kept = read(log);

        assertThat(kept).hasSize(200 * KIB + 64 * KIB);
        assertThat(Arrays.copyOf(kept, 200 * KIB)).isEqualTo(Arrays.copyOf(written, 200 * KIB));
        assertThat(Arrays.copyOfRange(kept, 200 * KIB, kept.length))
                .isEqualTo(Arrays.copyOfRange(written, written.length - 64 * KIB, written.length));
        assertThat(log.droppedBytes()).isEqualTo(written.length - kept.length);
    }

    @Test
    void followersSeeEverythingFromTheOldestByteToTheEnd() {
        JobLog log = open(1 << 20, 1 << 30);
        byte[] before = write(log, 100 * KIB, new Random(4));
        Mono<byte[]> first = joined(log.follow()).cache();
        Mono<byte[]> second = joined(log.follow().limitRate(1)).cache();

        Mono<byte[]> rest = Mono.fromCallable(() -> write(log, 500 * KIB, new Random(5))).subscribeOn(Schedulers
                .boundedElastic()).flatMap(bytes -> log.end().thenReturn(bytes));

        StepVerifier.create(Mono.zip(first, second, rest)).assertNext(all -> {
            byte[] written = concat(before, all.getT3());
            assertThat(all.getT1()).isEqualTo(written);
            assertThat(all.getT2()).isEqualTo(written);
        }).expectComplete().verify(SOON);
    }

    @Test
    void aFollowerSeesALineBeforeTheNextOneIsWritten() {
        JobLog log = open(1 << 20, 1 << 30);

        StepVerifier.create(log.follow().map(bytes -> new String(bytes, StandardCharsets.UTF_8)))
                .then(() -> append(log, "first\n")).expectNext("first\n").then(() -> append(log, "second\n"))
                .expectNext("second\n").then(() -> end(log)).expectComplete().verify(SOON);
    }

    @Test
    void aFollowerThatAsksForNothingHoldsNobodyUpAndSkipsAheadLater() {
        JobLog log = open(64 * KIB, 1 << 30);
        List<byte[]> seen = new ArrayList<>();

        StepVerifier.create(log.follow().doOnNext(seen::add), 0).then(() -> append(log, "old")).thenRequest(1)
                .expectNextCount(1).then(() -> {
                    write(log, 3000 * KIB, new Random(8));
                    end(log);
                }).thenRequest(Long.MAX_VALUE).thenConsumeWhile(bytes -> true).expectComplete().verify(SOON);

        assertThat(seen.stream().mapToInt(bytes -> bytes.length).sum()).isLessThanOrEqualTo(64 * KIB + 3);
        assertThat(concat(seen.subList(1, seen.size()).toArray(byte[][]::new))).isEqualTo(read(log));
    }

    @Test
    void aCancelledFollowerIsForgotten() {
        JobLog log = open(1 << 20, 1 << 30);
        append(log, "line\n");
        for (int i = 0; i < 200; i++) {
            StepVerifier.create(log.follow()).expectNextCount(1).thenCancel().verify(SOON);
        }

        // More than may read at once have come and gone, so one more is welcome.
        assertThat(read(log)).hasSize(5);
    }

    @Test
    void tooManyReadersAtOnceAreRefused() {
        JobLog log = open(1 << 20, 1 << 30);
        var held = Flux.range(0, 64).flatMap(i -> log.follow(), 64).subscribe(bytes -> {}, error -> {});

        StepVerifier.create(log.follow()).expectError(LogException.class).verify(SOON);
        held.dispose();
        assertThat(read(log)).isEmpty();
    }

    @Test
    void aCancelledAppendIsTakenInAllTheSame() {
        JobLog log = open(1 << 20, 1 << 30);
        byte[] large = new byte[300 * KIB];
        new Random(9).nextBytes(large);

        StepVerifier.create(log.append(large)).thenCancel().verify(SOON);
        end(log);

        assertThat(read(log)).isEqualTo(large);
    }

    @Test
    void folderAndFilesAreTheOwnersAlone() throws Exception {
        folder = folder.resolve("spill");
        JobLog log = open(1 << 20, 1 << 30);
        write(log, 200 * KIB, new Random(7));
        end(log);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))).isEqualTo("rwx------");
        assertThat(spillFiles()).isNotEmpty().allSatisfy(file -> assertThat(
                PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------"));
    }

    private void assertNewestRingIsKept(JobLog log) {
        byte[] written = write(log, 700 * KIB, new Random(10));
        end(log);

        assertThat(read(log)).isEqualTo(Arrays.copyOfRange(written, written.length - 64 * KIB, written.length));
        assertThat(log.droppedBytes()).isEqualTo(written.length - 64 * KIB);
        assertThat(counter("dropped")).isEqualTo(written.length - 64 * KIB);
        assertThat(gauge("coxswain_log_spill_bytes")).isZero();
    }

    private JobLog open(long spill, long max) {
        return open(spill, max, SpillFiles.ON_DISK, files);
    }

    private JobLog open(long spill, long max, SpillFiles spillFiles) {
        return open(spill, max, spillFiles, files);
    }

    private JobLog open(long spill, long max, SpillFiles spillFiles, Scheduler scheduler) {
        JobLogs logs = new JobLogs(new LogsConfig(spill, max), folder, scheduler, new Meters(registry), spillFiles,
                1L << 30);
        return logs.open("job", "plane", SecretSet.NONE).blockOptional(SOON).orElseThrow();
    }

    private static byte[] write(JobLog log, int size, Random random) {
        byte[] all = new byte[size];
        random.nextBytes(all);
        List<byte[]> chunks = new ArrayList<>();
        for (int at = 0; at < size;) {
            int to = Math.min(size, at + 1 + random.nextInt(70 * KIB));
            chunks.add(Arrays.copyOfRange(all, at, to));
            at = to;
        }
        Flux.fromIterable(chunks).concatMap(log::append).then().block(SOON);
        return all;
    }

    private static void append(JobLog log, String... texts) {
        for (String text : texts) {
            StepVerifier.create(log.append(text.getBytes(StandardCharsets.UTF_8))).expectComplete().verify(SOON);
        }
    }

    private static void end(JobLog log) {
        StepVerifier.create(log.end()).expectComplete().verify(SOON);
    }

    private static byte[] read(JobLog log) {
        return joined(log.read()).blockOptional(SOON).orElseThrow();
    }

    private static Mono<byte[]> joined(Flux<byte[]> chunks) {
        return chunks.collectList().map(list -> concat(list.toArray(byte[][]::new)));
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }

    private List<Path> spillFiles() {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    private double counter(String result) {
        return registry.get("coxswain_log_bytes_total").tag("control_plane", "plane").tag("result", result).counter()
                .count();
    }
}
