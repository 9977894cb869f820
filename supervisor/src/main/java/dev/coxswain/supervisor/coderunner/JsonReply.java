package dev.coxswain.supervisor.coderunner;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

import io.netty.buffer.Unpooled;
import reactor.core.publisher.Flux;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An answer that is whole: the envelope of contract section 3, or another document.
 *
 * @param isRefusal whether it may come before the request was read to its end
 */
record JsonReply(int status, Map<String, String> headers, String json, boolean isRefusal) implements Reply {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Everything good is 200, creating too. */
    static JsonReply done(String message, JsonNode data) {
        return envelope(200, Map.of(), true, message, data, null, false);
    }

    static JsonReply refused(Refusal refusal) {
        return envelope(refusal.status(), refusal.headers(), false, refusal.text(), NullNode.getInstance(),
                refusal.code(), true);
    }

    /** A failure with data beside it. */
    static JsonReply failed(int status, String code, String message, JsonNode data) {
        return envelope(status, Map.of(), false, message, data, code, false);
    }

    private static JsonReply envelope(int status, Map<String, String> headers, boolean success, String message,
            JsonNode data, @Nullable String code, boolean isRefusal) {
        ObjectNode envelope = JSON.createObjectNode().put("success", success).put("message", message);
        envelope.set("data", data);
        if (code != null) {
            envelope.put("code", code);
        }
        return new JsonReply(status, headers, envelope.toString(), isRefusal);
    }

    @Override
    public Publisher<Void> send(HttpServerResponse response) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        response.status(status).header("Content-Type", "application/json").header("Cache-Control", "no-store")
                .header("X-Content-Type-Options", "nosniff")
                .header("Content-Length", Integer.toString(body.length));
        headers.forEach(response::header);
        // in two pieces where more of the request may come: a whole answer at once would end the connection under it
        return isRefusal
                ? response.sendByteArray(Flux.just(Arrays.copyOf(body, 1), Arrays.copyOfRange(body, 1, body.length)))
                : response.sendObject(Unpooled.wrappedBuffer(body));
    }
}
