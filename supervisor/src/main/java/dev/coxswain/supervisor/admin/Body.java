package dev.coxswain.supervisor.admin;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The body of a POST: empty, or a JSON object of short texts.
 *
 * @param texts by field
 */
record Body(Map<String, JsonNode> texts) {
    private static final int MOST_BYTES = 16 * 1024;
    private static final int LONGEST_TEXT = 200;
    private static final JsonMapper JSON = JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Reads it, up to a bound; fails with a {@link Refusal}. */
    static Mono<Body> read(HttpServerRequest request, Set<String> fields) {
        String length = request.requestHeaders().get("Content-Length");
        if (length != null && (length.length() > 9 || Long.parseLong(length) > MOST_BYTES)) {
            return Mono.error(tooLarge());
        }
        return request.receive().asByteArray().reduceWith(ByteArrayOutputStream::new, Body::add)
                .map(bytes -> parse(bytes.toByteArray(), fields));
    }

    private static ByteArrayOutputStream add(ByteArrayOutputStream all, byte[] piece) {
        if (all.size() + piece.length > MOST_BYTES) {
            throw tooLarge();
        }
        all.writeBytes(piece);
        return all;
    }

    private static Body parse(byte[] bytes, Set<String> fields) {
        if (bytes.length == 0) {
            return new Body(Map.of());
        }
        JsonNode node;
        try {
            node = JSON.readTree(bytes);
        } catch (JacksonException e) {
            throw Refusal.badRequest("the body is no JSON: " + e.getOriginalMessage());
        }
        if (!node.isObject()) {
            throw Refusal.badRequest("the body must be a JSON object");
        }
        Map<String, JsonNode> texts = new HashMap<>();
        node.propertyStream().forEach(field -> texts.put(field.getKey(), field.getValue()));
        if (!fields.containsAll(texts.keySet())) {
            throw Refusal.badRequest("unknown field; known here: " + fields.stream().sorted().toList());
        }
        return new Body(texts);
    }

    /** One line of at most 200 characters. */
    String text(String field, String fallback) {
        JsonNode node = texts.get(field);
        if (node == null || node.isNull()) {
            return fallback;
        }
        return text(field);
    }

    /** The same for a field that is there. */
    String text(String field) {
        JsonNode node = texts.get(field);
        if (node == null || !node.isString()) {
            throw Refusal.badRequest(field + " must be a text");
        }
        String text = node.stringValue();
        if (text.isBlank() || text.length() > LONGEST_TEXT || text.chars().anyMatch(Character::isISOControl)) {
            throw Refusal.badRequest(field + " must be one line of 1 to " + LONGEST_TEXT + " characters");
        }
        return text;
    }

    private static Refusal tooLarge() {
        return new Refusal(413, "too_large", "the body may have " + MOST_BYTES + " bytes",
                // what is still on its way is not worth reading
                Map.of("Connection", "close"));
    }
}
