package dev.coxswain.supervisor.upload;

import java.util.Map;
import java.util.Set;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.SignedUpload;
import dev.coxswain.supervisor.http.Failures;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.ByteBufFlux;
import reactor.netty.NettyOutbound;
import reactor.netty.NettyPipeline;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;

/** One attempt of one PUT. */
final class Put {
    private final HttpClient store;
    private final FleetClock clock;
    private final Scheduler files;
    private final Scheduler timer;
    private final UploadLimits limits;

    Put(HttpClient store, FleetClock clock, Scheduler files, Scheduler timer, UploadLimits limits) {
        // a silent retry would send a body that is used up; the watch has the time limits
        this.store = store.protocol(HttpProtocol.HTTP11).disableRetry(true).followRedirect(false).compress(false)
                .responseTimeout(null);
        this.clock = clock;
        this.files = files;
        this.timer = timer;
        this.limits = limits;
    }

    /**
     * Sends the file. Emits what the transport took, then how it ended; fails with an {@link UploadException} only when
     * the file or the signed upload is at fault. Cancelling closes the connection.
     */
    Flux<Signal> send(SignedUpload upload, SignedUrl url, Set<DigestKind> digests) {
        return Flux.using(() -> new OpenFile(upload.artifact()),
                file -> Mono.fromCallable(file::open).subscribeOn(files)
                        .flatMapMany(opened -> exchange(upload, url, digests, file, opened)),
                OpenFile::close);
    }

    private Flux<Signal> exchange(SignedUpload upload, SignedUrl url, Set<DigestKind> digests, OpenFile file,
            OpenFile.Opened opened) {
        HttpHeaders headers = RequestHeaders.of(upload, url);
        Body body = url.https() || !digests.isEmpty()
                ? new StreamedBody(opened, files, digests)
                : new Body.ZeroCopy(opened.region());
        Mono<Signal> answer = store.request(HttpMethod.PUT).uri(url.origin() + "/")
                .send((request, outbound) -> write(request, outbound, url, headers, body))
                .response(this::read).next()
                .flatMap(reply -> Verdict.of(reply.status()) == Verdict.STORED
                        ? verify(file, body, reply)
                        : Mono.just(reply));
        return Flux.merge(answer, progress(body, upload.artifact().sizeBytes()))
                .takeUntil(Signal.Answer.class::isInstance)
                .onErrorResume(Put::isTransient, e -> Flux.just(new Signal.Broken(words(e), e)));
    }

    private static NettyOutbound write(HttpClientRequest request, NettyOutbound outbound, SignedUrl url,
            HttpHeaders headers, Body body) {
        // with a length set the client frames the body by it
        request.header(HttpHeaderNames.CONTENT_LENGTH, headers.get(HttpHeaderNames.CONTENT_LENGTH));
        outbound.withConnection(connection -> connection.channel().pipeline().addBefore(NettyPipeline.ReactiveBridge,
                null, new ExactRequest(url.target(), headers, body::taken)));
        return body.send(outbound);
    }

    private Mono<Signal.Answer> read(HttpClientResponse response, ByteBufFlux content) {
        HttpHeaders headers = response.responseHeaders();
        ErrorBody text = new ErrorBody();
        return content.asByteArray().takeWhile(text::take)
                .then(Mono.fromSupplier(() -> new Signal.Answer(response.status().code(), text.code(),
                        headers.get(HttpHeaderNames.RETRY_AFTER), headers.get(HttpHeaderNames.LOCATION),
                        ErrorBody.size(headers.get("x-goog-stored-content-length")), Map.of())));
    }

    private Mono<Signal> verify(OpenFile file, Body body, Signal.Answer answer) {
        return Mono.<Signal>fromCallable(() -> {
            file.unchanged();
            return answer.with(body.digests());
        }).subscribeOn(files);
    }

    private Flux<Signal> progress(Body body, long sizeBytes) {
        StallWatch watch = new StallWatch(limits, sizeBytes, clock.nanos());
        return Flux.interval(limits.tick(), timer).<Long>handle((tick, sink) -> {
            long sent = body.sentBytes();
            String stalled = watch.check(clock.nanos(), sent);
            if (stalled == null) {
                sink.next(sent);
            } else {
                sink.error(new SlowException(stalled));
            }
        }).onBackpressureDrop().distinctUntilChanged().map(Signal.Moved::new);
    }

    private static boolean isTransient(Throwable failure) {
        return failure instanceof SlowException || failure instanceof AbortedException
                || Failures.isTransient(failure);
    }

    private static String words(Throwable failure) {
        return failure instanceof SlowException
                ? String.valueOf(failure.getMessage())
                : "connection failed (" + failure.getClass().getSimpleName() + ")";
    }

    /** The watch ended a transfer. */
    private static final class SlowException extends RuntimeException {
        SlowException(String message) {
            super(message, null, false, false);
        }
    }
}
