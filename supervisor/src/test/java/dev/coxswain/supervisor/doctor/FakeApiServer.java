package dev.coxswain.supervisor.doctor;

import java.time.Duration;
import java.util.function.Function;

import org.reactivestreams.Publisher;

import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerResponse;

/** A fake Kubernetes API server that knows its version and answers what one may do there, and nothing else. */
final class FakeApiServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

    /** One answer. */
    record Answer(int status, String body) {}

    volatile String version = "";
    /** From a review as JSON to its answer. */
    volatile Function<String, Answer> reviews = asked -> new Answer(404, "");
    private final DisposableServer server = HttpServer.create().host("127.0.0.1").port(0).route(routes -> routes
            .get("/version", (request, response) -> send(response, new Answer(200, version)))
            .post(REVIEWS, (request, response) -> request.receive().aggregate().asString()
                    .flatMap(asked -> Mono.from(send(response, reviews.apply(asked))))))
            .bindNow(PATIENCE);

    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    private static Publisher<Void> send(HttpServerResponse response, Answer answer) {
        return response.status(answer.status()).header("Content-Type", "application/json")
                .sendString(Mono.just(answer.body()));
    }

    @Override
    public void close() {
        server.disposeNow(PATIENCE);
    }
}
