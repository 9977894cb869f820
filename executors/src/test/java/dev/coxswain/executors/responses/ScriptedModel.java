package dev.coxswain.executors.responses;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A model server that answers what it is told to, in order, and remembers what it was asked. */
final class ScriptedModel implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final JsonMapper MAPPER = new JsonMapper();

    /** How an answer is sent. */
    enum Manner {
        WHOLE, CUT, SILENT, ENDLESS
    }

    /** One answer of the script. */
    record Reply(int status, Map<String, String> headers, String body, Manner manner) {}

    /** A request as it arrived. */
    record Asked(String uri, @Nullable String authorization, String body) {
        JsonNode json() {
            return MAPPER.readTree(body);
        }
    }

    private final Queue<Reply> script = new ConcurrentLinkedQueue<>();
    final List<Asked> asked = new CopyOnWriteArrayList<>();
    /** Completes when a connection with an unanswered request closes. */
    final Sinks.Empty<Void> gone = Sinks.empty();
    /** One for each request, as it arrives. */
    final Sinks.Many<Asked> arrivals = Sinks.many().replay().limit(256);
    private final DisposableServer server;
    private int ids;

    ScriptedModel() {
        server = HttpServer.create().host("127.0.0.1").port(0).handle(this::handle).bindNow(START);
    }

    URI baseUrl() {
        return URI.create("http://127.0.0.1:" + server.port() + "/v1");
    }

    ScriptedModel then(Reply... replies) {
        script.addAll(List.of(replies));
        return this;
    }

    /** A completed answer with these output items, and an id that counts up: resp_1, resp_2, … */
    ScriptedModel answers(ObjectNode... items) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("id", "resp_" + ++ids).put("status", "completed");
        ArrayNode output = body.putArray("output");
        output.addObject().put("type", "reasoning").put("id", "rs_" + ids);
        for (ObjectNode item : items) {
            output.add(item);
        }
        body.putObject("usage").put("input_tokens", 100).put("output_tokens", 20).putObject("input_tokens_details")
                .put("cached_tokens", 40);
        return then(json(200, body.toString()));
    }

    static Reply json(int status, String body) {
        return new Reply(status, Map.of("Content-Type", "application/json"), body, Manner.WHOLE);
    }

    static Reply status(int status, Map<String, String> headers) {
        return new Reply(status, headers, "{}", Manner.WHOLE);
    }

    static Reply sent(Manner manner) {
        return new Reply(200, Map.of(), "{\"id\":\"resp_x\"", manner);
    }

    static ObjectNode message(String text) {
        ObjectNode item = JsonNodeFactory.instance.objectNode().put("type", "message").put("role", "assistant");
        item.putArray("content").addObject().put("type", "output_text").put("text", text);
        return item;
    }

    static ObjectNode call(String id, String name, String arguments) {
        return JsonNodeFactory.instance.objectNode().put("type", "function_call").put("id", "fc_" + id)
                .put("call_id", id).put("name", name).put("arguments", arguments);
    }

    @Override
    public void close() {
        server.disposeNow(START);
    }

    private Mono<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        return request.receive().aggregate().asString(StandardCharsets.UTF_8).defaultIfEmpty("").flatMap(body -> {
            Asked one = new Asked(request.uri(), request.requestHeaders().get("Authorization"), body);
            asked.add(one);
            arrivals.emitNext(one, Sinks.EmitFailureHandler.busyLooping(START));
            Reply reply = script.poll();
            return send(request, response, reply == null ? json(418, "{}") : reply);
        });
    }

    private Mono<Void> send(HttpServerRequest request, HttpServerResponse response, Reply reply) {
        response.status(reply.status());
        reply.headers().forEach(response::header);
        byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
        return switch (reply.manner()) {
            case WHOLE -> response.header("Content-Length", String.valueOf(bytes.length))
                    .sendObject(Unpooled.wrappedBuffer(bytes)).then();
            case CUT -> {
                response.header("Content-Length", String.valueOf(bytes.length + 100));
                Mono<ByteBuf> half = Mono.fromSupplier(() -> Unpooled.wrappedBuffer(bytes));
                yield response.send(half.concatWith(Mono.error(new IOException("half is enough"))), part -> true)
                        .then();
            }
            case SILENT -> {
                request.withConnection(connection -> connection.channel().closeFuture()
                        .addListener(closed -> gone.tryEmitEmpty()));
                yield Mono.never();
            }
            // not from Netty's allocator: its locks, which this flood would wait at, are not what is tested
            case ENDLESS -> response.send(
                    Flux.range(0, 100_000).map(part -> Unpooled.directBuffer(64 << 10).writeZero(64 << 10))).then();
        };
    }
}
