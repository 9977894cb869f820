package dev.coxswain.supervisor.coderunner;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A plain HTTP request as a handler's payload, and a handler's result as a plain HTTP answer (contract section 9). */
final class PlainForm {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern BARE_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private PlainForm() {}

    /** {@code {method, path, query, headers, body, isBase64}}. */
    static String payload(HttpMethod method, String path, QueryStringDecoder uri, HttpHeaders headers, byte[] body) {
        ObjectNode it = JSON.createObjectNode().put("method", method.name()).put("path", path);
        ObjectNode query = it.putObject("query");
        parameters(uri).forEach((name, values) -> {
            if (values.size() == 1) {
                query.put(name, values.get(0));
            } else {
                values.forEach(query.putArray(name)::add);
            }
        });
        ObjectNode named = it.putObject("headers");
        headers.names().forEach(name -> named.put(name.toLowerCase(Locale.ROOT),
                String.join(", ", headers.getAll(name))));
        String text = text(body);
        it.put("body", text == null ? Base64.getEncoder().encodeToString(body) : text);
        return it.put("isBase64", text == null).toString();
    }

    /** A percent sign that begins no escape is itself, as in browsers: a function is called with any query. */
    private static Map<String, List<String>> parameters(QueryStringDecoder uri) {
        return new QueryStringDecoder(BARE_PERCENT.matcher(uri.rawQuery()).replaceAll("%25"), false).parameters();
    }

    /** The bytes as a text, or null when they are none. */
    private static @Nullable String text(byte[] body) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** What a result says: an answer of its own when it has a {@code statusCode}, else its JSON with 200. */
    static Reply answer(@Nullable String result) {
        JsonNode node = Views.result(result);
        JsonNode status = node.get("statusCode");
        if (status == null) {
            return new PlainReply(200, new DefaultHttpHeaders().set("Content-Type", "application/json"),
                    node.toString().getBytes(StandardCharsets.UTF_8));
        }
        HttpHeaders headers = headers(node);
        return new PlainReply(code(status), headers, body(node, headers));
    }

    /** What stands above a result that comes in pieces: {@code {statusCode?, headers?, type}}. */
    static Reply streamed(String head, Flux<byte[]> bytes) {
        JsonNode node = Views.result(head);
        JsonNode status = node.get("statusCode");
        HttpHeaders headers = headers(node);
        setType(headers, node.path("type").asString("application/octet-stream"));
        return new StreamedReply(status == null || status.isNull() ? 200 : code(status), headers, bytes);
    }

    private static int code(JsonNode status) {
        if (!status.isIntegralNumber() || !status.canConvertToInt() || status.intValue() < 200
                || status.intValue() > 599) {
            throw new IllegalArgumentException("the handler's statusCode must be a number from 200 to 599");
        }
        return status.intValue();
    }

    private static HttpHeaders headers(JsonNode node) {
        HttpHeaders headers = new DefaultHttpHeaders();
        for (Map.Entry<String, JsonNode> header : node.path("headers").properties()) {
            header(headers, header.getKey(), header.getValue());
        }
        return headers;
    }

    private static void header(HttpHeaders headers, String name, JsonNode value) {
        if (!ForwardedHeaders.mayBeAnswered(name)) {
            return;
        }
        for (JsonNode each : value.isArray() ? value.values() : List.of(value)) {
            if (each.isString() || each.isNumber() || each.isBoolean()) {
                // a line end would begin a header of its own
                headers.add(name, each.asString().replaceAll("[\\x00-\\x1f\\x7f]", " "));
            }
        }
    }

    private static byte[] body(JsonNode node, HttpHeaders headers) {
        JsonNode body = node.get("body");
        if (body == null || body.isNull()) {
            return new byte[0];
        }
        if (!body.isString()) {
            setType(headers, "application/json");
            return body.toString().getBytes(StandardCharsets.UTF_8);
        }
        if (node.path("isBase64").asBoolean(false)) {
            setType(headers, "application/octet-stream");
            return Base64.getDecoder().decode(body.stringValue());
        }
        setType(headers, "text/plain; charset=utf-8");
        return body.stringValue().getBytes(StandardCharsets.UTF_8);
    }

    private static void setType(HttpHeaders headers, String otherwise) {
        if (!headers.contains(HttpHeaderNames.CONTENT_TYPE)) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, otherwise);
        }
    }
}
