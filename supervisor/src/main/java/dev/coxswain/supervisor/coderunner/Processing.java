package dev.coxswain.supervisor.coderunner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.coderunner.archive.Archive;
import dev.coxswain.supervisor.coderunner.archive.ArchiveException;
import dev.coxswain.supervisor.coderunner.archive.ArchiveLimits;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;

/**
 * Brings versions from status 1 to 3 or 4: unpack, find the entry, prepare dependencies (contract section 6). Two at a time.
 * What a former life left in status 1 or 2 begins again from its ZIP; what finds no room on the disk waits for it.
 */
final class Processing {
    private static final Logger LOG = LoggerFactory.getLogger(Processing.class);
    private static final int AT_ONCE = 2;
    private static final int MOST_WAITING = 100_000;
    /** Dependencies come from afar. */
    private static final Duration LONGEST = Duration.ofMinutes(10);
    /** A version for which there was no room on the disk is tried again after this. */
    private static final Duration NEXT_LOOK = Duration.ofSeconds(30);

    private final Store store;
    private final CodeFolders folders;
    private final Scheduler files;
    private final ArchiveLimits limits;
    private final Preparation preparation;
    private final Scheduler.Worker later;
    private final Sinks.Many<UUID> waiting = Sinks.many().unicast()
            .onBackpressureBuffer(Queues.<UUID>get(MOST_WAITING).get());
    private final Disposable.Swap running = Disposables.swap();

    Processing(Store store, CodeFolders folders, Scheduler files, ArchiveLimits limits, Preparation preparation,
            Scheduler timer) {
        this.store = store;
        this.folders = folders;
        this.files = files;
        this.limits = limits;
        this.preparation = preparation;
        this.later = timer.createWorker();
    }

    /** Begins with what was left over. Once only. */
    Mono<Void> start() {
        return store.read(VersionRows::unfinished).doOnNext(left -> {
            running.replace(waiting.asFlux().flatMap(this::process, AT_ONCE)
                    .subscribe(done -> {}, e -> LOG.error("no version is processed any more", e)));
            left.forEach(this::add);
        }).then();
    }

    /** Takes up a version that is stored. */
    void add(UUID version) {
        waiting.emitNext(version, Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(1)));
    }

    /** Stops; what is not at its end begins again at the next start. */
    void stop() {
        running.dispose();
        later.dispose();
    }

    private Mono<Void> process(UUID id) {
        return store.write(sql -> {
            CodeVersion version = VersionRows.any(sql, id);
            Definition definition = version == null ? null : DefinitionRows.any(sql, version.definitionId());
            return definition != null && VersionRows.advance(sql, id, VersionStatus.PROCESSING, null, null)
                    ? definition.language()
                    : null;
        }).flatMap(language -> prepared(id, language).timeout(LONGEST)
                .flatMap(entry -> onFiles(() -> moved(id)).then(end(id, VersionStatus.COMPLETED, null, entry)))
                .onErrorResume(e -> NoRoom.is(e) ? noRoom(id, e) : failed(id, e)))
                .onErrorResume(NoRoom::is, e -> Mono.fromRunnable(() -> again(id, e)))
                .onErrorResume(e -> {
                    LOG.error("version left for the next start: version={}", id, e);
                    return Mono.empty();
                });
    }

    private Mono<String> prepared(UUID id, LanguageType language) {
        Path folder = folders.preparing(id);
        return onFiles(() -> {
            PrivateFolders.remove(folder);
            new Archive(folders.archive(id), limits).unpackInto(PrivateFolders.make(folder));
            return id;
        }).then(Mono.defer(() -> preparation.prepare("version-" + id, folder, language)));
    }

    /** Into its own place, and closed for writing. */
    private Path moved(UUID id) throws IOException {
        Path code = folders.code(id);
        PrivateFolders.remove(code);
        Files.move(folders.preparing(id), code);
        ReadOnly.make(code);
        return code;
    }

    private Mono<Void> failed(UUID id, Throwable failure) {
        String message = switch (failure) {
            case ArchiveException broken -> broken.getMessage();
            case PreparationException unusable -> unusable.getMessage();
            case TimeoutException late -> "it was not prepared within " + LONGEST.toMinutes() + " minutes";
            default -> {
                LOG.error("version not processed: version={}", id, failure);
                yield "the server could not process it; its log tells more";
            }
        };
        LOG.info("version failed: version={} {}", id, message);
        return onFiles(() -> {
            PrivateFolders.remove(folders.preparing(id));
            PrivateFolders.remove(folders.code(id));
            return id;
        }).then(end(id, VersionStatus.FAILED, message, null));
    }

    /** What was unpacked gives its room back; the ZIP stays, and is taken up again. */
    private Mono<Void> noRoom(UUID id, Throwable failure) {
        return onFiles(() -> {
            PrivateFolders.remove(folders.preparing(id));
            return id;
        }).then(Mono.error(failure));
    }

    /** Behind the others, which may fit: whoever waits for room keeps no place. */
    private void again(UUID id, Throwable failure) {
        LOG.warn("a version waits for room on the disk, next look in {} s: version={} {}", NEXT_LOOK.toSeconds(), id,
                failure.toString());
        later.schedule(() -> add(id), NEXT_LOOK.toSeconds(), TimeUnit.SECONDS);
    }

    private Mono<Void> end(UUID id, VersionStatus status, @Nullable String message, @Nullable String entry) {
        return Mono.defer(() -> store.write(sql -> VersionRows.advance(sql, id, status, message, entry)))
                .then(onFiles(() -> Files.deleteIfExists(folders.archive(id)))).then();
    }

    private <T> Mono<T> onFiles(Callable<T> work) {
        return Mono.fromCallable(work).subscribeOn(files);
    }
}
