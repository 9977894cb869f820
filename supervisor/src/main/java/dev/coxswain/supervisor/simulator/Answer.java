package dev.coxswain.supervisor.simulator;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * What a simulated control plane answers.
 *
 * @param status HTTP status
 * @param contentType the body's type
 * @param body the body; may be empty
 * @param headers further headers
 * @param cut whether the connection ends in the middle of the body
 * @param delivered hears, once the answer was written whole, the moment on the monotonic clock
 */
public record Answer(int status, String contentType, byte[] body, Map<String, String> headers, boolean cut,
        LongConsumer delivered) {
    /** A JSON answer of maps, lists, texts, numbers and booleans. */
    public static Answer json(int status, Object value) {
        return new Answer(status, "application/json", Json.bytes(value), Map.of(), false, Answer::nothing);
    }

    /** {@code {"error": text}}. */
    public static Answer error(int status, String text) {
        return json(status, Map.of("error", text));
    }

    /** An error of the object store. */
    static Answer xml(int status, String code, String message) {
        String body = "<?xml version='1.0' encoding='UTF-8'?><Error><Code>" + code + "</Code><Message>" + message
                + "</Message></Error>";
        return new Answer(status, "application/xml; charset=UTF-8", body.getBytes(StandardCharsets.UTF_8), Map.of(),
                false,
                Answer::nothing);
    }

    /** The page of a proxy that stands in the way. */
    static Answer html(int status) {
        String body = "<!DOCTYPE html><html><head><title>Gateway</title></head><body><h1>" + status
                + "</h1><p>The proxy had something else to say.</p></body></html>";
        return new Answer(status, "text/html; charset=utf-8", body.getBytes(StandardCharsets.UTF_8), Map.of(), false,
                Answer::nothing);
    }

    /** An answer in plain text, as of a router that knows no protocol. */
    public static Answer text(int status, String text) {
        return new Answer(status, "text/plain; charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8),
                Map.of(), false, Answer::nothing);
    }

    /** An answer without a body. */
    public static Answer empty(int status) {
        return new Answer(status, "", new byte[0], Map.of(), false, Answer::nothing);
    }

    /** The same answer with one more header. */
    public Answer withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(status, contentType, body, more, cut, delivered);
    }

    /** The same answer; this hears of the moment when it was written whole. */
    public Answer whenDelivered(LongConsumer action) {
        return new Answer(status, contentType, body, headers, cut, action);
    }

    /** The same answer, but its connection ends in the middle of the body. */
    public Answer cutOff() {
        return new Answer(status, contentType, body, headers, true, delivered);
    }

    /** The first half of its body, as if that were all. */
    public Answer halved() {
        return new Answer(status, contentType, Arrays.copyOf(body, body.length / 2), headers, cut, delivered);
    }

    private static void nothing(long deliveredNanos) {}
}
