package dev.coxswain.supervisor.bench;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** Calls of one URL over kept connections, each timed from the request to the last byte of the answer. */
final class CallLoad implements AutoCloseable {
    private static final Duration SLOWEST = Duration.ofSeconds(60);
    private static final byte[] BODY = "{\"payload\":{\"name\":\"Ada\"}}".getBytes(StandardCharsets.UTF_8);

    private final ConnectionProvider connections;
    private final HttpClient http;

    /** @param headers that every call has */
    CallLoad(int mostAtOnce, HttpHeaders headers) {
        this.connections = ConnectionProvider.create("bench-calls", mostAtOnce);
        this.http = HttpClient.create(connections).responseTimeout(SLOWEST)
                .headers(all -> all.add(headers).set(HttpHeaderNames.CONTENT_TYPE, "application/json"));
    }

    /**
     * Makes so many calls, so many at a time. Emits {@code p50}, {@code p99} in milliseconds, {@code count} and
     * {@code seconds}. Blocks.
     *
     * @throws BenchException when an answer is not 200
     */
    Figures calls(URI url, int count, int parallel) {
        long[] nanos = new long[count];
        AtomicInteger done = new AtomicInteger();
        long begun = System.nanoTime();
        Flux.range(0, count).flatMap(number -> call(url).doOnNext(took -> nanos[done.getAndIncrement()] = took),
                parallel, 1).then().block();
        double seconds = (System.nanoTime() - begun) / 1e9;
        Arrays.sort(nanos);
        return new Figures(Map.of("p50", Figures.percentile(nanos, 0.5) / 1e6, "p99",
                Figures.percentile(nanos, 0.99) / 1e6, "count", (double) count, "seconds", seconds, "perSecond",
                count / seconds));
    }

    private Mono<Long> call(URI url) {
        return Mono.defer(() -> {
            long sent = System.nanoTime();
            return http.post().uri(url).send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(BODY)))
                    .responseSingle((response, body) -> body.asString().defaultIfEmpty("").map(text -> {
                        if (response.status().code() != 200) {
                            throw new BenchException(url.getPath() + " answered " + response.status() + ": " + text,
                                    null);
                        }
                        return System.nanoTime() - sent;
                    }));
        });
    }

    @Override
    public void close() {
        connections.disposeLater().block();
    }
}
