package dev.coxswain.supervisor.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

import org.reactivestreams.Publisher;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A scripted HTTP server on a free loopback port that answers as rudely as it is told and remembers every request. The
 * server is faked and not the client, because most of what goes wrong (a length that lies, a reset, a header that a
 * library adds, bytes that leak) goes wrong below any client that could be faked.
 */
public final class RudeServer implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);

    private final Queue<Reply> script = new ConcurrentLinkedQueue<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final Sinks.Many<Seen> arrivals = Sinks.many().replay().limit(1024);
    private final DisposableServer server;

    public RudeServer() {
        this.server = HttpServer.create().host("127.0.0.1").port(0).handle(this::handle).bindNow(START);
    }

    /** Adds answers; each request takes the next one. A request beyond the script is answered with 599. */
    public RudeServer then(Reply... replies) {
        script.addAll(List.of(replies));
        return this;
    }

    public List<Seen> seen() {
        return seen;
    }

    /** Every request from the first on, as they arrive; never completes. */
    public Flux<Seen> arrivals() {
        return arrivals.asFlux();
    }

    /** The only request so far. */
    public Seen only() {
        if (seen.size() != 1) {
            throw new AssertionError("expected one request, saw " + seen);
        }
        return seen.get(0);
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    @Override
    public void close() {
        server.disposeNow(START);
    }

    private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        return request.receive().aggregate().asByteArray().defaultIfEmpty(new byte[0]).flatMap(body -> {
            Seen arrived = new Seen(request.method().name(), request.uri(), request.requestHeaders().copy(),
                    new String(body, StandardCharsets.UTF_8));
            seen.add(arrived);
            arrivals.emitNext(arrived, Sinks.EmitFailureHandler.busyLooping(START));
            Reply reply = script.poll();
            return send(response, reply == null ? Reply.of(599, "the script is over") : reply);
        });
    }

    private static Mono<Void> send(HttpServerResponse response, Reply reply) {
        return switch (reply.manner()) {
            case SILENT -> Mono.never();
            case RESET -> Mono.fromRunnable(() -> response.withConnection(Connection::dispose));
            case HALF -> Mono.defer(() -> {
                head(response, reply);
                response.header("Content-Length", String.valueOf(reply.body().length + 100));
                // an error while the body is sent makes the server close the connection
                Mono<ByteBuf> half = Mono.fromSupplier(() -> Unpooled.wrappedBuffer(reply.body()));
                return response.send(half.concatWith(Mono.error(new IOException("half is enough"))), part -> true)
                        .then();
            });
            case CHUNKED -> Mono.defer(() -> {
                head(response, reply);
                return response.sendByteArray(Flux.range(0, reply.body().length / 1000 + 1).map(
                        i -> Arrays.copyOfRange(reply.body(), i * 1000,
                                Math.min(reply.body().length, (i + 1) * 1000))))
                        .then();
            });
            case PLAIN -> Mono.defer(() -> {
                head(response, reply);
                response.header("Content-Length", String.valueOf(reply.body().length));
                return response.sendObject(Unpooled.wrappedBuffer(reply.body())).then();
            });
        };
    }

    private static void head(HttpServerResponse response, Reply reply) {
        response.status(reply.status());
        reply.headers().forEach(response::header);
    }

    /** A request as it arrived. */
    public record Seen(String method, String uri, HttpHeaders headers, String body) {}

    /** How an answer is sent. */
    public enum Manner {
        PLAIN, CHUNKED, HALF, RESET, SILENT
    }

    /** One answer of the script. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Reply(int status, Map<String, String> headers, byte[] body, Manner manner) {
        public static Reply json(String body) {
            return json(200, body);
        }

        public static Reply json(int status, String body) {
            return of(status, body).with("Content-Type", "application/json");
        }

        public static Reply of(int status, String body) {
            return new Reply(status, Map.of(), body.getBytes(StandardCharsets.UTF_8), Manner.PLAIN);
        }

        public static Reply html(int status) {
            return of(status, "<!doctype html><title>Bad Gateway</title>").with("Content-Type", "text/html");
        }

        public Reply with(String header, String value) {
            Map<String, String> more = new HashMap<>(headers);
            more.put(header, value);
            return new Reply(status, Map.copyOf(more), body, manner);
        }

        public Reply sent(Manner how) {
            return new Reply(status, headers, body, how);
        }
    }
}
