package dev.coxswain.supervisor.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

import org.reactivestreams.Publisher;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * The other side of every HTTP measurement: the studio protocol and an object store without a memory, as cheap as they can
 * be, since they share the host's cores with what is measured. The simulator would be measured, not the client.
 */
final class BenchServer implements Role {
    private static final byte[] NO_JOB = Wire.noJob();
    private static final byte[] ACKNOWLEDGED = Wire.acknowledged();
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final DisposableServer server;
    private final AtomicLong toGrant = new AtomicLong();
    private final AtomicLong granted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong heartbeats = new AtomicLong();
    private final AtomicLong completed = new AtomicLong();
    private final AtomicLong stored = new AtomicLong();
    private final Arrivals arrivals = new Arrivals();
    private volatile boolean timed;
    /** Seconds that a runner without a job is told to stay away, 0 for nothing said. */
    private volatile int retryAfter;
    private volatile boolean spread;

    /** @param settings may name the {@code keys} of a certificate; then it speaks TLS */
    BenchServer(Order settings) throws IOException {
        HttpServer plain = HttpServer.create().host("127.0.0.1").port(0).handle(this::handle);
        server = (settings.with().has("keys") ? secured(plain, Path.of(settings.text("keys"))) : plain).bindNow();
    }

    private static HttpServer secured(HttpServer plain, Path keys) throws IOException {
        try {
            SslContext context = SslContextBuilder.forServer(Certificate.shown(keys)).build();
            return plain.secure(spec -> spec.sslContext(context));
        } catch (GeneralSecurityException e) {
            throw new IOException("the key store can't be used: " + e.getMessage(), e);
        }
    }

    @Override
    public Map<String, Double> carryOut(Order order) {
        return switch (order.what()) {
            case "port" -> Map.of("port", (double) server.port());
            // from now on so many jobs; whoever comes then is told to stay away, each as long or that long on average
            case "grant" -> {
                retryAfter = order.count("retryAfter");
                spread = order.with().path("spread").asBoolean();
                timed = false;
                toGrant.set((long) order.number("jobs"));
                yield Map.of();
            }
            case "arrive" -> {
                retryAfter = 0;
                arrivals.start((long) order.number("seed"), order.count("bursts"), order.count("jobs"),
                        order.number("meanSeconds"));
                timed = true;
                yield Map.of();
            }
            case "arrived" -> arrivals.figures();
            case "counts" -> Map.of("granted", (double) granted.get(), "refused", (double) refused.get(), "heartbeats",
                    (double) heartbeats.get(), "completed", (double) completed.get(), "stored",
                    (double) stored.get());
            default -> throw new IllegalArgumentException("no order " + order.what());
        };
    }

    /** The body is drained first: answering from within its stream frees it twice in reactor-netty 1.3. */
    private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        return request.receive().then(Mono.defer(() -> Mono.from(answer(request.uri(), response))));
    }

    private Publisher<Void> answer(String path, HttpServerResponse response) {
        return switch (path) {
            case Wire.LEASE -> {
                if (!grants()) {
                    refused.incrementAndGet();
                    yield json(retryAfter == 0 ? response : stayAway(response), NO_JOB);
                }
                yield json(response, Wire.lease(granted.incrementAndGet(), System.currentTimeMillis()));
            }
            case Wire.HEARTBEAT -> {
                heartbeats.incrementAndGet();
                yield json(response, Wire.renewed(System.currentTimeMillis()));
            }
            case Wire.COMPLETE -> {
                completed.incrementAndGet();
                yield json(response, ACKNOWLEDGED);
            }
            default -> {
                boolean upload = path.startsWith(Wire.UPLOAD);
                if (upload) {
                    stored.incrementAndGet();
                }
                yield response.status(upload ? 200 : 404).header(HttpHeaderNames.CONTENT_LENGTH, "0").send();
            }
        };
    }

    private HttpServerResponse stayAway(HttpServerResponse response) {
        int seconds = spread ? ThreadLocalRandom.current().nextInt(1, 2 * retryAfter) : retryAfter;
        return response.header(HttpHeaderNames.RETRY_AFTER, Integer.toString(seconds));
    }

    private boolean grants() {
        if (timed) {
            return arrivals.take();
        }
        return toGrant.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    private static Publisher<Void> json(HttpServerResponse response, byte[] body) {
        return response.header(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length))
                .sendObject(Unpooled.wrappedBuffer(body));
    }

    @Override
    public void close() {
        arrivals.stop();
        server.disposeNow(PATIENCE);
    }
}
