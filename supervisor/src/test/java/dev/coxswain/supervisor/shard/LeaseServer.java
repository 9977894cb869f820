package dev.coxswain.supervisor.shard;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.Secret;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Headers;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * fabric8's API server in memory, with what it leaves out of the real one's: requests are carried out one at a time, and a
 * delete obeys the version it names. Remembers who holds each shard. It listens by Reactor Netty and not by fabric8's own
 * server, whose end fails when it takes longer than ten seconds.
 */
public final class LeaseServer implements AutoCloseable {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SHARD = "-shard-";

    private final Map<Integer, String> holders = new ConcurrentHashMap<>();
    /** What was done, in the words of a role. */
    private final Set<String> verbs = ConcurrentHashMap.newKeySet();
    private final Scheduler scheduler = Schedulers.newBoundedElastic(1, 10_000, "lease-server");
    private final Strict dispatcher = new Strict();
    private final DisposableServer server;

    public LeaseServer() {
        server = HttpServer.create().host("127.0.0.1").port(0)
                .handle((request, response) -> request.receive().aggregate().asByteArray()
                        .defaultIfEmpty(new byte[0])
                        .flatMap(body -> Mono.fromCallable(() -> dispatcher.dispatch(recorded(request, body)))
                                .subscribeOn(scheduler))
                        .flatMap(answer -> response.status(answer.code()).header("Content-Type", "application/json")
                                .sendByteArray(Mono.just(bytes(answer))).then()))
                .bindNow(PATIENCE);
    }

    /** Its address. */
    public String url() {
        return "http://127.0.0.1:" + server.port();
    }

    /** The supervisor that holds this token's shard; empty when nobody does. */
    public String holder(String token, int shards) {
        int shard = Identity.of(new Credential("runner", new Secret(token))).shard(shards);
        return Incarnation.member(holders.getOrDefault(shard, ""));
    }

    /** Everything that it was asked to do, in the words of a role. */
    Set<String> verbs() {
        return Set.copyOf(verbs);
    }

    private static String verb(RecordedRequest request) {
        boolean all = String.valueOf(request.getPath()).split("\\?", 2)[0].endsWith("/leases");
        return switch (String.valueOf(request.getMethod())) {
            case "GET" -> String.valueOf(request.getPath()).contains("watch=true") ? "watch" : all ? "list" : "get";
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> all ? "deletecollection" : "delete";
            default -> String.valueOf(request.getMethod());
        };
    }

    @Override
    public void close() {
        server.disposeNow(PATIENCE);
        scheduler.dispose();
    }

    private static RecordedRequest recorded(HttpServerRequest request, byte[] body) {
        Headers.Builder headers = Headers.builder();
        request.requestHeaders().forEach(header -> headers.add(header.getKey(), header.getValue()));
        return new RecordedRequest("HTTP/1.1", HttpMethod.valueOf(request.method().name()), request.uri(),
                headers.build(), new Buffer(body));
    }

    private static byte[] bytes(MockResponse answer) {
        return answer.getBody() == null ? new byte[0] : answer.getBody().getBytes();
    }

    private final class Strict extends KubernetesCrudDispatcher {
        @Override
        public synchronized MockResponse dispatch(RecordedRequest request) {
            verbs.add(verb(request));
            // reading it empties it
            byte[] sent = request.getBody() == null ? new byte[0] : request.getBody().readByteArray();
            JsonNode body = MAPPER.readTree(sent.length == 0 ? "{}".getBytes(UTF_8) : sent);
            if ("DELETE".equals(request.getMethod())) {
                String expected = body.path("preconditions").path("resourceVersion").asString("");
                JsonNode now = body(handleGet(request.getPath()));
                if (!expected.isEmpty()
                        && !expected.equals(now.path("metadata").path("resourceVersion").asString(""))) {
                    return new MockResponse().setResponseCode(409).setBody("{}");
                }
            }
            MockResponse answer = super.dispatch(new RecordedRequest(request.getHttpVersion(), request.method(),
                    request.getPath(), request.getHeaders(), new Buffer(sent)));
            String name = body.path("metadata").path("name").asString("");
            if (name.contains(SHARD) && answer.code() < 300) {
                holders.put(Integer.valueOf(name.substring(name.lastIndexOf('-') + 1)),
                        body.path("spec").path("holderIdentity").asString(""));
            }
            return answer;
        }

        private JsonNode body(MockResponse answer) {
            return MAPPER.readTree(answer.getBody() == null ? "{}" : answer.getBody().readUtf8());
        }
    }
}
