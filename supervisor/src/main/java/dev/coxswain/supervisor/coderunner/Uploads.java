package dev.coxswain.supervisor.coderunner;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import io.netty.handler.codec.http.HttpHeaderNames;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.server.HttpServerRequest;

/** Receives uploads: streamed to disk, counted on the way. */
final class Uploads {
    private static final Duration SILENCE = Duration.ofSeconds(30);
    /** Pieces of up to 64 KiB that may wait for the disk, for each upload. */
    private static final int PIECES_AHEAD = 8;

    private final CodeFolders folders;
    private final Scheduler files;
    private final long mostBytes;

    Uploads(CodeFolders folders, Scheduler files, long mostBytes) {
        this.folders = folders;
        this.files = files;
        this.mostBytes = mostBytes;
    }

    /**
     * Emits what has come, whole and on disk. Fails with a {@link Refusal}. Cancelling removes what has come so far; the file
     * of what was emitted is the receiver's.
     */
    Mono<Upload> receive(HttpServerRequest request) {
        return Mono.defer(() -> {
            String type = request.requestHeaders().get(HttpHeaderNames.CONTENT_TYPE);
            if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase("multipart/form-data")) {
                throw Refusal.unsupported("Content-Type must be multipart/form-data");
            }
            if (!type.toLowerCase(Locale.ROOT).contains("boundary=")) {
                throw Refusal.invalid("Content-Type names no boundary");
            }
            MultipartBody.checkLength(Bodies.length(request), mostBytes);
            Path target = folders.incoming().resolve(Ids.next() + ".zip");
            return Mono.usingWhen(
                    Mono.fromCallable(() -> new MultipartBody(type, folders.incoming(), target, mostBytes))
                            .subscribeOn(files),
                    body -> request.receive().asByteArray().timeout(SILENCE).onErrorMap(TimeoutException.class,
                            e -> Refusal.invalid("the body did not come to its end"))
                            .publishOn(files, PIECES_AHEAD).doOnNext(body::add)
                            .then(Mono.fromCallable(body::end).subscribeOn(files)),
                    body -> close(body, null), (body, e) -> close(body, target), body -> close(body, target));
        });
    }

    private Mono<Void> close(MultipartBody body, @Nullable Path spoilt) {
        return Mono.fromCallable(() -> {
            body.close();
            if (spoilt != null) {
                Files.deleteIfExists(spoilt);
            }
            return body;
        }).subscribeOn(files).then();
    }
}
