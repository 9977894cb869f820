package dev.coxswain.supervisor.endtoend;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;

import org.reactivestreams.Publisher;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Stands between each of several supervisors and one control plane, at an address of its own for each, and judges every
 * lease request at the moment of its arrival: whose the token is, and whether another supervisor's request is in flight.
 */
final class PollWatch implements AutoCloseable {
    private static final String LEASE = "/leaseRunnerJob";

    private final URI behind;
    private final BiFunction<String, String, String> judge;
    private final HttpClient client = HttpClient.create();
    private final Map<String, DisposableServer> servers = new ConcurrentHashMap<>();
    private final Map<String, String> inFlight = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> polls = new ConcurrentHashMap<>();
    private final List<String> wrong = new CopyOnWriteArrayList<>();

    /**
     * @param behind the control plane
     * @param judge what is wrong with a request of this supervisor with this token; empty when nothing is
     */
    PollWatch(URI behind, BiFunction<String, String, String> judge) {
        this.behind = behind;
        this.judge = judge;
    }

    /** The address for this supervisor. */
    URI url(String supervisor) {
        int port = servers.computeIfAbsent(supervisor, who -> HttpServer.create().host("127.0.0.1").port(0)
                .handle((request, response) -> pass(who, request, response)).bindNow()).port();
        return URI.create("http://127.0.0.1:" + port + behind.getPath());
    }

    private Publisher<Void> pass(String who, HttpServerRequest request, HttpServerResponse response) {
        return Mono.defer(() -> request.receive().aggregate().asByteArray().defaultIfEmpty(new byte[0]))
                .flatMap(body -> {
                    String token = request.uri().endsWith(LEASE) ? token(request) : "";
                    boolean counted = !token.isEmpty() && arrived(who, token);
                    return client.headers(headers -> headers.set(request.requestHeaders())
                            .remove(HttpHeaderNames.HOST))
                            .request(request.method()).uri(behind.resolve(request.uri()).toString())
                            .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)))
                            .responseSingle((answer, bytes) -> bytes.asByteArray().defaultIfEmpty(new byte[0])
                                    .flatMap(content -> {
                                        if (counted) {
                                            inFlight.remove(token, who);
                                        }
                                        response.status(answer.status());
                                        answer.responseHeaders().forEach(header -> {
                                            if (!header.getKey().equalsIgnoreCase("transfer-encoding")) {
                                                response.responseHeaders().set(header.getKey(), header.getValue());
                                            }
                                        });
                                        response.header(HttpHeaderNames.CONTENT_LENGTH,
                                                String.valueOf(content.length));
                                        return response.sendByteArray(Mono.just(content)).then();
                                    }))
                            .doFinally(end -> {
                                if (counted) {
                                    inFlight.remove(token, who);
                                }
                            });
                });
    }

    private boolean arrived(String who, String token) {
        polls.computeIfAbsent(who, first -> new AtomicLong()).incrementAndGet();
        String problem = judge.apply(who, token);
        if (!problem.isEmpty()) {
            wrong.add(problem);
        }
        String other = inFlight.putIfAbsent(token, who);
        if (other != null && !other.equals(who)) {
            wrong.add(who + " asks with a token while a request of " + other + " is in flight");
        }
        return other == null;
    }

    private static String token(HttpServerRequest request) {
        String header = Objects.requireNonNullElse(request.requestHeaders().get(HttpHeaderNames.AUTHORIZATION), "");
        return header.replaceFirst("^Bearer ", "");
    }

    /** Lease requests of this supervisor so far. */
    long polls(String supervisor) {
        return polls.getOrDefault(supervisor, new AtomicLong()).get();
    }

    /** What was wrong, one line each. */
    List<String> wrong() {
        return wrong;
    }

    @Override
    public void close() {
        servers.values().forEach(DisposableServer::disposeNow);
    }
}
