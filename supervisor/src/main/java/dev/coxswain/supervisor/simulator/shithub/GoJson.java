package dev.coxswain.supervisor.simulator.shithub;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import dev.coxswain.supervisor.simulator.Answer;
import dev.coxswain.supervisor.simulator.Json;
import dev.coxswain.supervisor.simulator.RefusedException;

/** Answers in the server's form (contract shithub-actions 1): what HTML could mistake for its own is escaped. */
final class GoJson {
    private GoJson() {}

    static Answer answer(int status, Object value) {
        byte[] plain = Json.bytes(value);
        ByteArrayOutputStream escaped = new ByteArrayOutputStream(plain.length + 64);
        for (byte b : plain) {
            // none of the three can be outside a text
            switch (b) {
                case '<' -> escaped.writeBytes(unicode("003c"));
                case '>' -> escaped.writeBytes(unicode("003e"));
                case '&' -> escaped.writeBytes(unicode("0026"));
                default -> escaped.write(b);
            }
        }
        escaped.write('\n');
        return new Answer(status, "application/json; charset=utf-8", escaped.toByteArray(),
                Map.of("Cache-Control", "no-store"), false, nanos -> {});
    }

    /** An error: a message, and no code. */
    static Answer error(int status, String message) {
        return answer(status, Map.of("error", message));
    }

    static RefusedException refusal(int status, String message) {
        return new RefusedException(message, error(status, message));
    }

    private static byte[] unicode(String digits) {
        return ("\\u" + digits).getBytes(StandardCharsets.US_ASCII);
    }
}
