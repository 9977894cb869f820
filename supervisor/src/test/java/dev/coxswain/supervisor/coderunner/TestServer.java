package dev.coxswain.supervisor.coderunner;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

import dev.coxswain.executors.function.Runtimes;
import dev.coxswain.supervisor.coderunner.access.AuthConfig;
import dev.coxswain.supervisor.controlplane.FleetClock;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** A real server on loopback, its caller, and the one who plays the fleet's runner. */
final class TestServer implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final UUID WORKSPACE = UUID.fromString("11111111-2222-3333-4444-555555555555");
    static final UUID OTHER = UUID.fromString("99999999-2222-3333-4444-555555555555");
    static final JsonMapper JSON = JsonMapper.builder().build();

    private final java.net.http.HttpClient http = java.net.http.HttpClient.newHttpClient();
    final CoderunnerServer server;
    final URI base;
    final TestRunner runner;
    String workspace = WORKSPACE.toString();

    TestServer(Path dir) {
        this(dir, config(CoderunnerLimits.DEFAULT));
    }

    TestServer(Path dir, CoderunnerConfig config) {
        this(dir, config, FleetClock.system(), Schedulers.parallel(), TestServer::entry, port -> Mono.just(true));
    }

    TestServer(Path dir, CoderunnerConfig config, FleetClock clock, Scheduler timer, Preparation preparation,
            Function<Integer, Mono<Boolean>> listens) {
        this(dir, config, clock, timer, Schedulers.parallel(), preparation, listens);
    }

    TestServer(Path dir, CoderunnerConfig config, FleetClock clock, Scheduler timer, Scheduler completions,
            Preparation preparation, Function<Integer, Mono<Boolean>> listens) {
        this.server = new CoderunnerServer(config, dir, new Runtimes(Map.of(), Map.of()),
                new HostSize(4, 8L << 30), HttpClient.create(), clock, timer, completions,
                List.of("cpu by weight only"), new NoPoolMeters(), files -> preparation, listens);
        this.base = Objects.requireNonNull(server.start().block(PATIENCE));
        this.runner = new TestRunner(server.queue());
    }

    static CoderunnerConfig config(CoderunnerLimits limits) {
        return config(limits, AuthConfig.NONE, false);
    }

    static CoderunnerConfig config(CoderunnerLimits limits, AuthConfig auth, boolean isPublic) {
        return new CoderunnerConfig("functions", "127.0.0.1", 0, URI.create("https://functions.example.org"), auth,
                isPublic, TrustedProxies.NONE, limits);
    }

    /** Takes index.js for the entry, and nothing else. */
    static Mono<String> entry(String key, Path code, LanguageType language) {
        return Mono.fromCallable(() -> {
            if (!Files.exists(code.resolve("index.js"))) {
                throw new PreparationException("no entry point: there is no index.js");
            }
            return "index.js";
        }).subscribeOn(Schedulers.boundedElastic());
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).header("x-client-key", workspace)
                .header("x-userid", "user-1").timeout(PATIENCE);
    }

    Answer get(String path) {
        return send(request(path));
    }

    Answer post(String path, String json) {
        return send(request(path).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    Answer delete(String path) {
        return send(request(path).DELETE());
    }

    Answer send(HttpRequest.Builder request) {
        return sending(request).join();
    }

    CompletableFuture<Answer> sending(HttpRequest.Builder request) {
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(answer -> new Answer(answer.statusCode(), answer.headers(), answer.body()));
    }

    CompletableFuture<Answer> posting(String path, String json) {
        return sending(request(path).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    String definition(int type) {
        return post("/api/definitions", "{\"name\":\"thumbs\",\"deploymentType\":" + type + ",\"languageType\":1}")
                .data().get("id").stringValue();
    }

    Answer upload(String definition, byte[] zip) {
        return send(request("/api/file/" + definition + "/upload")
                .header("Content-Type", "multipart/form-data; boundary=xyz")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Zips.multipart("xyz", zip))));
    }

    /** A version with status 3. */
    String version(String definition) {
        String id = upload(definition, Zips.of("index.js", "code")).data().get("versionId").stringValue();
        assertThat(ended(id).get("status").intValue()).isEqualTo(3);
        return id;
    }

    /** The version when it is at its end, as a client polls for it. */
    JsonNode ended(String version) {
        return until(() -> get("/api/version/" + version).data(), view -> view.get("status").intValue() >= 3);
    }

    String deployment(String definition, String version) {
        return deploy(definition, version, "{}").data().get("id").stringValue();
    }

    Answer deploy(String definition, String version, String configuration) {
        return post("/api/deployment/create", "{\"DefinitionId\":\"" + definition + "\",\"VersionId\":\"" + version
                + "\",\"Configuration\":" + configuration + "}");
    }

    /** Asks again until it is so. */
    static <T> T until(Supplier<T> ask, Predicate<T> isSo) {
        return Objects.requireNonNull(Mono.fromSupplier(ask).subscribeOn(Schedulers.boundedElastic()).filter(isSo)
                .repeatWhenEmpty(10_000, tries -> tries.delayElements(Duration.ofMillis(10))).block(PATIENCE));
    }

    @Override
    public void close() {
        server.stop().block(PATIENCE);
    }

    /** An answer with its envelope. */
    record Answer(int status, HttpHeaders headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        JsonNode json() {
            return JSON.readTree(body);
        }

        JsonNode data() {
            assertThat(json().get("success").booleanValue()).as(text()).isTrue();
            return json().get("data");
        }

        String message() {
            return json().get("message").stringValue();
        }
    }
}
