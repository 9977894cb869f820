package dev.coxswain.supervisor.admin;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

import org.reactivestreams.Publisher;

import io.netty.buffer.Unpooled;
import reactor.core.publisher.Flux;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The answer to one request.
 *
 * @param body in pieces, of which each is sent at once when {@code live}
 * @param note what the audit says beside the status; empty for nothing
 */
record Reply(int status, String contentType, Map<String, String> headers, Flux<byte[]> body, boolean live,
        String note) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static Reply text(int status, String text) {
        return text(status, "text/plain; charset=utf-8", text);
    }

    static Reply text(int status, String contentType, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Reply(status, contentType, Map.of("Content-Length", Integer.toString(bytes.length)),
                Flux.just(bytes), false, "");
    }

    static Reply json(int status, Object value) {
        byte[] bytes = JSON.writeValueAsBytes(value);
        return new Reply(status, "application/json", Map.of("Content-Length", Integer.toString(bytes.length)),
                Flux.just(bytes), false, "");
    }

    /** The value, without a field that has nothing to say. */
    static Reply jsonWithout(String emptyField, Object value) {
        ObjectNode object = JSON.valueToTree(value);
        if (object.path(emptyField).isNull()) {
            object.remove(emptyField);
        }
        return json(200, object);
    }

    /** Server-sent events, each sent at once. */
    static Reply events(Flux<byte[]> events) {
        return new Reply(200, "text/event-stream", Map.of(), events, true, "");
    }

    /** The same with more headers. */
    Reply with(Map<String, String> added) {
        Map<String, String> more = new HashMap<>(headers);
        more.putAll(added);
        return new Reply(status, contentType, more, body, live, note);
    }

    /** The same with a word for the audit. */
    Reply noting(String said) {
        return new Reply(status, contentType, headers, body, live, said);
    }

    Publisher<Void> send(HttpServerResponse response) {
        response.status(status).header("Content-Type", contentType).header("Cache-Control", "no-store")
                .header("X-Content-Type-Options", "nosniff").header("Content-Security-Policy", "default-src 'none'")
                .header("X-Frame-Options", "DENY").header("Referrer-Policy", "no-referrer");
        headers.forEach(response::header);
        return response.send(body.map(Unpooled::wrappedBuffer), piece -> live);
    }
}
