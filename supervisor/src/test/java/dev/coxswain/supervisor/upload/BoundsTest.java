package dev.coxswain.supervisor.upload;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.upload.RudeStore.Reply;
import dev.coxswain.supervisor.upload.RudeStore.Seen;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** How much happens at once, and that everything is given back. */
class BoundsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Function<Seen, Reply> script = seen -> Reply.status(200);
    private final RudeStore store = new RudeStore(seen -> script.apply(seen));
    private final UploadRig.Signer signer = new UploadRig.Signer((path, call) -> store.url("/" + path));

    @AfterEach
    void close() {
        store.close();
    }

    private List<Artifact> artifacts(String job, int count) {
        return IntStream.range(0, count).mapToObj(i -> UploadRig.artifact(folder, job + i + ".png", 2000)).toList();
    }

    @Test
    void neitherAJobNorAllTogetherGoBeyondTheirBound() {
        try (UploadRig rig = new UploadRig(new UploadConfig(5, 2), UploadRig.UNHURRIED)) {
            Long stored = Flux.range(0, 6)
                    .flatMap(job -> rig.uploads.upload("shorts", signer, artifacts("j" + job, 10)))
                    .filter(UploadEvent.Stored.class::isInstance).count().block(LIMIT);

            assertThat(stored).isEqualTo(60);
            assertThat(store.mostAtOnce).hasValueLessThanOrEqualTo(5);
            assertThat(rig.count("stored")).isEqualTo(60);
        }
    }

    @Test
    void aJobHasAtMostItsShareInFlightAndInTheLine() throws Exception {
        script = seen -> Reply.status(200).hold();
        try (UploadRig rig = new UploadRig(new UploadConfig(3, 2), UploadRig.UNHURRIED)) {
            Disposable first = rig.uploads.upload("shorts", signer, artifacts("a", 10)).subscribe();
            store.awaitRequest();
            store.awaitRequest();
            Disposable second = rig.uploads.upload("shorts", signer, artifacts("b", 10)).subscribe();
            assertThat(store.awaitRequest().target()).startsWith("/b");
            await(() -> rig.gauge("waiting") == 1);
            assertThat(rig.gauge("in_flight")).isEqualTo(3);

            await(() -> store.sizes.size() == 3);
            store.release();
            assertThat(store.awaitRequest().target()).as("the one that waited longest").startsWith("/b");
            // the next of the first job stands in the line a little later: another thread puts it there
            await(() -> rig.gauge("waiting") == 1);

            first.dispose();
            second.dispose();
            await(() -> rig.gauge("in_flight") == 0 && rig.gauge("waiting") == 0);
            assertThat(rig.count("cancelled")).isEqualTo(4);
        }
    }

    @Test
    void theFirstFailureCancelsTheRest() throws Exception {
        script = seen -> seen.target().equals("/a2.png") ? Reply.status(404) : Reply.stall(10);
        try (UploadRig rig = new UploadRig(new UploadConfig(8, 3), UploadRig.UNHURRIED)) {
            assertThatThrownBy(() -> rig.uploads.upload("shorts", signer, artifacts("a", 9)).blockLast(LIMIT))
                    .isInstanceOf(UploadException.class).hasMessageContaining("a2.png");

            assertThat(store.seen.size()).isLessThanOrEqualTo(3);
            await(() -> rig.gauge("in_flight") == 0);
            assertThat(rig.count("failed")).isEqualTo(1);
            assertThat(rig.count("cancelled")).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cancellingInTheMiddleGivesEverythingBack(boolean digest) throws Exception {
        store.keepBodies = false;
        script = seen -> Reply.stall(100_000);
        Artifact large = sparse("large.bin", 64L << 20);
        try (UploadRig rig = new UploadRig()) {
            Disposable upload = rig.uploads
                    .upload("shorts", signer, List.of(large), digest ? Set.of(DigestKind.MD5) : Set.of()).subscribe();
            store.awaitRequest();
            assertThat(openHandles(large)).isEqualTo(1);

            upload.dispose();

            assertThat(rig.gauge("in_flight")).isZero();
            await(() -> openHandles(large) == 0);
            assertThat(rig.count("cancelled")).isEqualTo(1);
        }
    }

    @Test
    void theStoreSeesACancelAsAnAbort() throws Exception {
        store.keepBodies = false;
        Artifact large = sparse("large.bin", 3L << 30);
        try (UploadRig rig = new UploadRig()) {
            Disposable upload = rig.uploads.upload("shorts", signer, List.of(large)).subscribe();
            store.awaitRequest();
            upload.dispose();
            assertThat(store.aborts.poll(60, TimeUnit.SECONDS)).isEqualTo("PUT /large.bin HTTP/1.1");
            assertThat(rig.uploads.upload("shorts", signer, artifacts("b", 1)).blockLast(LIMIT))
                    .isInstanceOf(UploadEvent.Stored.class);
            assertThat(store.connections).as("the aborted connection is not used again").hasValue(2);
            assertThat(store.sizes).containsExactly(2000L);
        }
    }

    @Test
    void aStoreThatStopsReadingIsGivenUpAndTriedAgain() {
        UploadLimits tiny = new UploadLimits(Duration.ofSeconds(1), Duration.ofMillis(200), 1 << 20,
                Duration.ofSeconds(60), 256 << 10, Duration.ofSeconds(60));
        store.keepBodies = false;
        script = seen -> seen.number() < 3 ? Reply.stall(50_000) : Reply.status(200);
        try (UploadRig rig = new UploadRig(UploadConfig.DEFAULT, tiny)) {
            List<UploadEvent> events = rig.uploads
                    .upload("shorts", signer, List.of(sparse("large.bin", 30L << 20))).collectList().block(LIMIT);

            assertThat(events).last().isInstanceOf(UploadEvent.Stored.class);
            assertThat(events).filteredOn(UploadEvent.Progress.class::isInstance).isNotEmpty().allSatisfy(
                    event -> assertThat(((UploadEvent.Progress) event).sizeBytes()).isEqualTo(30L << 20));
            assertThat(store.seen).hasSize(3);
            assertThat(store.sizes).containsExactly(30L << 20);
        }
    }

    @Test
    void aStreamedBodyReadsNoFurtherAheadThanItsSlots() throws Exception {
        store.keepBodies = false;
        script = seen -> Reply.stall(0);
        CountDownLatch begun = new CountDownLatch(1);
        Artifact large = sparse("large.bin", 256L << 20);
        OpenFile file = new OpenFile(large);
        var files = reactor.core.scheduler.Schedulers.newSingle("upload-test-read");
        List<Integer> read = new ArrayList<>();
        StreamedBody body = new StreamedBody(file.open(), files, Set.of());
        Disposable reading = body.chunks().subscribe(chunk -> {
            synchronized (read) {
                read.add(chunk.readableBytes());
                if (read.size() == StreamedBody.SLOTS) {
                    begun.countDown();
                }
            }
        });
        try {
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
            files.schedule(() -> {}).isDisposed();
            assertThat(read).hasSize(StreamedBody.SLOTS);
            body.taken(StreamedBody.CHUNK);
            await(() -> read.size() == StreamedBody.SLOTS + 1);
        } finally {
            reading.dispose();
            file.close();
            files.dispose();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void memoryDoesNotGrowWithTheFile(boolean digest) {
        store.keepBodies = false;
        Artifact large = sparse("large.bin", 256L << 20);
        try (UploadRig rig = new UploadRig()) {
            Set<DigestKind> digests = digest ? Set.of(DigestKind.CRC32C) : Set.of();
            rig.uploads.upload("shorts", signer, artifacts("warm", 1), digests).blockLast(LIMIT);
            long before = usedBytes();
            long[] most = {0};
            rig.uploads.upload("shorts", signer, List.of(large), digests)
                    .doOnNext(event -> most[0] = Math.max(most[0], directBytes())).blockLast(LIMIT);

            assertThat(store.sizes).contains(256L << 20);
            assertThat(usedBytes() - before).isLessThan(16L << 20);
            assertThat(most[0]).isLessThan(64L << 20);
        }
    }

    private Artifact sparse(String name, long bytes) {
        Path file = folder.resolve(name);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Artifact(name, file, bytes, "application/octet-stream");
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory() + directBytes();
    }

    private static long directBytes() {
        return java.lang.management.ManagementFactory
                .getPlatformMXBeans(java.lang.management.BufferPoolMXBean.class).stream()
                .mapToLong(java.lang.management.BufferPoolMXBean::getMemoryUsed).sum();
    }

    private static long openHandles(Artifact artifact) {
        Path handles = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(handles), "needs /proc");
        try (Stream<Path> all = Files.list(handles)) {
            return all.filter(handle -> {
                try {
                    return Files.readSymbolicLink(handle).equals(artifact.file().toRealPath());
                } catch (IOException e) {
                    return false;
                }
            }).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(BooleanSupplier condition) {
        assertThat(Flux.interval(Duration.ofMillis(5)).filter(tick -> condition.getAsBoolean()).blockFirst(LIMIT))
                .isNotNull();
    }
}
