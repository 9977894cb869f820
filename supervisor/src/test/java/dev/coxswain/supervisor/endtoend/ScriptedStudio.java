package dev.coxswain.supervisor.endtoend;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import io.netty.buffer.Unpooled;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A studio control plane that tells how each job ended, in the words that the job's owner would read, and that says
 * nonsense when told to. The simulator keeps the contract; this one breaks it.
 */
final class ScriptedStudio implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final JsonMapper mapper = new JsonMapper();
    private final Queue<Answer> leases = new ConcurrentLinkedQueue<>();
    private final AtomicInteger projects = new AtomicInteger();
    private final Map<String, Runnable> beforeSigning = new ConcurrentHashMap<>();
    private final Sinks.Many<End> ends = Sinks.many().replay().all();
    private final DisposableServer server;

    ScriptedStudio() {
        server = HttpServer.create().host("127.0.0.1").port(0).route(routes -> routes
                .post("/leaseRunnerJob",
                        (request, response) -> read(request).flatMap(body -> answer(response, lease())))
                .post("/heartbeatRunnerJob", (request, response) -> read(request)
                        .flatMap(body -> answer(response, Answer.json("{\"ok\":true}"))))
                .post("/runnerSignUpload", (request, response) -> read(request).flatMap(this::hook)
                        .flatMap(body -> answer(response, sign(body))))
                .post("/completeRunnerJob", (request, response) -> read(request)
                        .flatMap(body -> answer(response, ended(body, null))))
                .post("/failRunnerJob", (request, response) -> read(request)
                        .flatMap(body -> answer(response, ended(body, body.path("error").asString()))))
                .put("/store/**", (request, response) -> request.receive().then(response.status(200).send())))
                .bindNow(PATIENCE);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** Queues one good lease of a job about this topic; returns its id. */
    String offer(String topic) {
        String id = "p-" + projects.incrementAndGet();
        leases.add(Answer.json("""
                {"leased":true,"projectId":"%s","leaseExpiresAt":%d,"project":{"topic":"%s"}}"""
                .formatted(id, System.currentTimeMillis() + 60_000, topic)));
        return id;
    }

    /** Queues this answer to a lease request. */
    void offer(Answer nonsense) {
        leases.add(nonsense);
    }

    /** Has this run, on a thread that may block, when the job asks for signed URLs: its files are measured then. */
    void beforeSigning(String project, Runnable action) {
        beforeSigning.put(project, action);
    }

    /** How this job ended. */
    End awaitEnd(String project) {
        End end = ends.asFlux().filter(each -> each.project().equals(project)).next().block(PATIENCE);
        if (end == null) {
            throw new AssertionError("no end of " + project);
        }
        return end;
    }

    @Override
    public void close() {
        server.disposeNow(PATIENCE);
    }

    private Answer lease() {
        Answer next = leases.poll();
        return next == null ? Answer.json("{\"leased\":false}") : next;
    }

    private Mono<JsonNode> hook(JsonNode body) {
        Runnable action = beforeSigning.remove(body.path("projectId").asString());
        return action == null
                ? Mono.just(body)
                : Mono.fromRunnable(action).subscribeOn(Schedulers.boundedElastic()).thenReturn(body);
    }

    private Answer sign(JsonNode body) {
        List<Map<String, String>> uploads = new ArrayList<>();
        for (JsonNode each : body.path("uploads")) {
            String stored = uri() + "/store/" + body.path("projectId").asString() + "/" + each.path("path").asString();
            uploads.add(Map.of("path", each.path("path").asString(), "uploadUrl", stored + "?X-Goog-Signature=abc",
                    "publicUrl", stored));
        }
        return Answer.json(mapper.writeValueAsString(Map.of("uploads", uploads)));
    }

    private Answer ended(JsonNode body, @Nullable String error) {
        ends.emitNext(new End(body.path("projectId").asString(), error),
                Sinks.EmitFailureHandler.busyLooping(PATIENCE));
        return Answer.json("{\"ok\":true}");
    }

    private Mono<JsonNode> read(HttpServerRequest request) {
        return request.receive().aggregate().asByteArray().defaultIfEmpty(new byte[0]).map(mapper::readTree);
    }

    private static Mono<Void> answer(HttpServerResponse response, Answer answer) {
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        return response.status(answer.status()).header("Content-Type", answer.type())
                .header("Content-Length", String.valueOf(bytes.length)).sendObject(Unpooled.wrappedBuffer(bytes))
                .then();
    }

    /** @param error what failRunnerJob said; null when it was completed */
    record End(String project, @Nullable String error) {}

    /** An answer as it goes out. */
    record Answer(int status, String type, String body) {
        static Answer json(String body) {
            return new Answer(200, "application/json", body);
        }

        static Answer html(int status) {
            return new Answer(status, "text/html", "<!doctype html><title>Welcome</title>");
        }
    }
}
