package dev.coxswain.executors.container;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.netty.buffer.Unpooled;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/**
 * HTTP to an engine over its socket, on event loops of its own. Each request has a connection to itself, which costs next to
 * nothing on one host: so no request is ever sent on one that the engine was about to close, and none is repeated.
 */
final class EngineHttp {
    /** Of one answer; only lists come near. */
    private static final int LONGEST_ANSWER = 8 << 20;
    private static final int CALLS = 32;
    private static final int CALLS_WAITING = 100_000;
    /** Execs at once; more than any host runs. */
    private static final int STREAMS = 10_000;

    private final Path socket;
    private final Scheduler timer;
    private final LoopResources loops = LoopResources.create("cox-engine", 1, Math.min(4,
            Runtime.getRuntime().availableProcessors()), true);
    // no connection is used again, also where an answer does not say that it was the last one
    private final ConnectionProvider callConnections = ConnectionProvider.builder("cox-engine-calls")
            .maxConnections(CALLS).pendingAcquireMaxCount(CALLS_WAITING)
            .pendingAcquireTimeout(Duration.ofSeconds(60)).evictionPredicate((used, metadata) -> true).build();
    private final ConnectionProvider streamConnections = ConnectionProvider.builder("cox-engine-execs")
            .maxConnections(STREAMS).pendingAcquireMaxCount(STREAMS).evictionPredicate((used, metadata) -> true)
            .build();
    private final HttpClient calls;
    private final HttpClient streams;

    EngineHttp(Path socket, Scheduler timer) {
        this.socket = socket;
        this.timer = timer;
        this.calls = client(callConnections);
        this.streams = client(streamConnections);
    }

    private HttpClient client(ConnectionProvider connections) {
        return HttpClient.create(connections).remoteAddress(() -> new DomainSocketAddress(socket.toFile())).runOn(loops)
                .keepAlive(false).disableRetry(true).followRedirect(false)
                .headers(headers -> headers.set(HttpHeaderNames.HOST, "engine").set(HttpHeaderNames.USER_AGENT,
                        "coxswain"));
    }

    /** What was answered. */
    record Answer(int status, byte[] body) {}

    /** Sends a request and reads the whole answer, whatever its status; fails when there is none in time. */
    Mono<Answer> call(HttpMethod method, String uri, byte @Nullable [] json, Duration limit) {
        return send(calls, method, uri, json).response((response, content) -> whole(content)
                .map(body -> new Answer(response.status().code(), body))).single().timeout(limit, timer);
    }

    /**
     * Sends a request and passes its answer on as it is demanded; with no demand nothing is read. Fails when nothing is
     * answered in time, and with the answer's text when it is no success.
     */
    Flux<byte[]> stream(String uri, byte[] json, Duration headLimit) {
        byte[] head = new byte[0];
        return send(streams, HttpMethod.POST, uri, json)
                .response((response, content) -> Flux.just(head).concatWith(good(response)
                        ? content.asByteArray()
                        : whole(content).flatMap(body -> Mono.error(Engine.refusal(response.status().code(), body)))))
                .timeout(Mono.delay(headLimit, timer), piece -> Mono.never())
                .filter(piece -> piece.length > 0);
    }

    /** Each line of an answer that comes in pieces, such as those of a pull. */
    Mono<Void> lines(String uri, Function<String, Mono<Void>> line, Duration limit) {
        // a pull takes minutes: it must not keep a connection from the calls that are made meanwhile
        return send(streams, HttpMethod.POST, uri, null).response((response, content) -> good(response)
                ? new Lines(content.asByteArray()).all().concatMap(line, 1)
                : whole(content).flatMap(body -> Mono.<Void>error(Engine.refusal(response.status().code(), body))))
                .then().timeout(limit, timer);
    }

    private static boolean good(HttpClientResponse response) {
        return response.status().code() < 300;
    }

    private static HttpClient.ResponseReceiver<?> send(HttpClient client, HttpMethod method, String uri,
            byte @Nullable [] json) {
        if (json == null) {
            return client.request(method).uri(uri);
        }
        return client.headers(headers -> headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .set(HttpHeaderNames.CONTENT_LENGTH, json.length)).request(method).uri(uri)
                .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(json)));
    }

    private static Mono<byte[]> whole(ByteBufFlux content) {
        return content.asByteArray().collect(ByteArrayOutputStream::new, (all, piece) -> {
            if (all.size() + piece.length > LONGEST_ANSWER) {
                throw new EngineException(0, "an answer is longer than " + LONGEST_ANSWER + " bytes");
            }
            all.writeBytes(piece);
        }).map(ByteArrayOutputStream::toByteArray);
    }

    /** Ends all connections and event loops; not to be called where they run. */
    Mono<Void> disconnect() {
        return Mono.when(callConnections.disposeLater(), streamConnections.disposeLater())
                .then(Mono.defer(() -> loops.disposeLater(Duration.ZERO, Duration.ofSeconds(2))))
                .subscribeOn(Schedulers.boundedElastic());
    }

    /** Cuts text at its line ends; a line that is too long is left out. */
    private record Lines(Flux<byte[]> bytes) {
        private static final int LONGEST = 64 << 10;

        Flux<String> all() {
            ByteArrayOutputStream begun = new ByteArrayOutputStream();
            return bytes.concatMapIterable(piece -> {
                java.util.List<String> whole = new java.util.ArrayList<>();
                for (byte each : piece) {
                    if (each == '\n') {
                        whole.add(begun.toString(StandardCharsets.UTF_8));
                        begun.reset();
                    } else if (begun.size() < LONGEST) {
                        begun.write(each);
                    }
                }
                return whole;
            }, 1).concatWith(Mono.fromSupplier(() -> begun.toString(StandardCharsets.UTF_8)));
        }
    }
}
