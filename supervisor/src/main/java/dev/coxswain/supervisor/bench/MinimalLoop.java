package dev.coxswain.supervisor.bench;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * The reference of every HTTP measurement: Reactor Netty with nothing around it. No JSON is parsed, nothing is retried,
 * counted, timed out or kept; never more calls than connections are under way, so that none waits in the pool.
 */
final class MinimalLoop implements Role {
    private static final Logger LOG = LoggerFactory.getLogger(MinimalLoop.class);
    private static final Duration LONGEST = Duration.ofMinutes(9);
    private static final byte[] EMPTY = Wire.ascii("{}");

    private final ConnectionProvider pool;
    private final HttpClient.RequestSender poster;
    private final String base;
    private final int connections;

    MinimalLoop(Order settings) {
        connections = settings.count("connections");
        base = settings.text("url");
        pool = ConnectionProvider.create("minimal", connections);
        poster = HttpClient.create(pool).post();
    }

    @Override
    public Map<String, Double> carryOut(Order order) {
        return switch (order.what()) {
            case "jobs" -> {
                run(order, this::lifecycle);
                yield Map.of("jobs", order.number("jobs"));
            }
            case "polls" -> {
                run(order, token -> post(Wire.LEASE, token, EMPTY).then());
                yield Map.of("polls", order.number("polls"));
            }
            case "pickup" -> pickup(order);
            default -> throw new IllegalArgumentException("no order " + order.what());
        };
    }

    private void run(Order order, Function<String, Mono<Void>> once) {
        int runners = order.count("runners");
        Flux.range(0, order.count(order.what()))
                .flatMap(n -> once.apply("secret-token-of-runner-" + n % runners), connections).blockLast(LONGEST);
    }

    private Mono<Void> lifecycle(String token) {
        return post(Wire.LEASE, token, EMPTY).flatMap(answer -> {
            String job = Wire.projectId(answer);
            if (job == null) {
                return Mono.error(new IllegalStateException("the server granted too few jobs"));
            }
            return post(Wire.HEARTBEAT, token, Wire.naming(job)).then(post(Wire.COMPLETE, token, Wire.complete(job)))
                    .then();
        });
    }

    /**
     * Each runner asks at a fixed interval, starting at a moment of its own; a job it gets takes so long, and while it
     * lasts the runner's questions are left out.
     */
    private Map<String, Double> pickup(Order order) {
        int runners = order.count("runners");
        long interval = (long) (order.number("intervalSeconds") * 1e9);
        Duration job = Duration.ofMillis((long) order.number("jobMillis"));
        AtomicLong requests = new AtomicLong();
        Disposable polls = Flux.range(0, runners).flatMap(runner -> Flux
                .interval(Duration.ofNanos(interval * runner / runners), Duration.ofNanos(interval))
                .onBackpressureDrop()
                .concatMap(tick -> ask("secret-token-of-runner-" + runner, requests, job), 1), runners)
                .subscribe(tick -> {}, failure -> LOG.error("the polls ended", failure));
        Mono.delay(Duration.ofMillis((long) (order.number("seconds") * 1e3))).block(LONGEST);
        polls.dispose();
        return Map.of("requests", requests.doubleValue());
    }

    private Mono<Void> ask(String token, AtomicLong requests, Duration job) {
        return Mono.defer(() -> {
            requests.incrementAndGet();
            return post(Wire.LEASE, token, EMPTY);
        }).flatMap(answer -> {
            String id = Wire.projectId(answer);
            return id == null
                    ? Mono.<Void>empty()
                    : post(Wire.HEARTBEAT, token, Wire.naming(id)).then(Mono.delay(job))
                            .then(post(Wire.COMPLETE, token, Wire.complete(id))).then();
        });
    }

    private Mono<byte[]> post(String path, String token, byte[] body) {
        return Mono.defer(() -> poster.uri(base + path).send((request, out) -> {
            request.requestHeaders().set(HttpHeaderNames.AUTHORIZATION, "Bearer " + token)
                    .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                    .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
            return out.sendObject(Unpooled.wrappedBuffer(body));
        }).responseSingle((answer, content) -> content.asByteArray()));
    }

    @Override
    public void close() {
        pool.disposeLater().block(Duration.ofSeconds(2));
    }
}
