package dev.coxswain.supervisor.simulator.shithub;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.simulator.Json;
import dev.coxswain.supervisor.simulator.RefusedException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A request's JSON object. A key that the server does not know is a 400, whatever follows the first value is nobody's
 * business, and null is as good as absent (contract shithub-actions 1).
 */
record Fields(JsonNode node) {
    static final int MAX_BYTES = 768 << 10;
    private static final JsonNode NOTHING = Json.readFirst(new byte[0]);

    /** The object, whose keys must be among these. */
    static Fields of(byte[] body, Set<String> known) {
        if (body.length > MAX_BYTES) {
            throw invalid("the request body is too large");
        }
        JsonNode node;
        try {
            node = Json.readFirst(body);
        } catch (JacksonException e) {
            throw invalid("this is none");
        }
        if (node.isMissingNode()) {
            throw invalid("EOF");
        }
        if (!node.isObject() && !node.isNull()) {
            throw invalid("an object is wanted");
        }
        for (String key : node.propertyNames()) {
            if (!known.contains(key)) {
                throw invalid("unknown field \"" + (key.length() > 40 ? key.substring(0, 40) : key) + "\"");
            }
        }
        return new Fields(node);
    }

    boolean has(String key) {
        return !value(key).isMissingNode();
    }

    /** The text; empty when there is none. */
    String text(String key) {
        JsonNode value = value(key);
        if (value.isMissingNode()) {
            return "";
        }
        if (!value.isString()) {
            throw invalid(key + " must be a string");
        }
        return value.stringValue();
    }

    /** The number; 0 when there is none. */
    long whole(String key, long min, long max) {
        JsonNode value = value(key);
        return value.isMissingNode() ? 0 : whole(key, value, min, max);
    }

    /** The truth; null when there is none. */
    @Nullable
    Boolean truth(String key) {
        JsonNode value = value(key);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw invalid(key + " must be true or false");
        }
        return value.isBoolean() ? (Boolean) value.booleanValue() : null;
    }

    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (JsonNode entry : array(key)) {
            if (!entry.isString()) {
                throw invalid(key + " must hold strings");
            }
            texts.add(entry.stringValue());
        }
        return texts;
    }

    List<Long> wholes(String key) {
        List<Long> wholes = new ArrayList<>();
        for (JsonNode entry : array(key)) {
            wholes.add(whole(key, entry, Long.MIN_VALUE, Long.MAX_VALUE));
        }
        return wholes;
    }

    /** Refuses what is there and is no RFC 3339 time. */
    void checkTime(String key) {
        String text = text(key);
        try {
            if (!text.isEmpty()) {
                OffsetDateTime.parse(text);
            }
        } catch (DateTimeException e) {
            throw GoJson.refusal(400, key + ": must be an RFC 3339 time");
        }
    }

    private Iterable<JsonNode> array(String key) {
        JsonNode value = value(key);
        if (!value.isMissingNode() && !value.isArray()) {
            throw invalid(key + " must be an array");
        }
        return value.values();
    }

    private JsonNode value(String key) {
        JsonNode value = node.path(key);
        return value.isNull() ? NOTHING : value;
    }

    private static long whole(String key, JsonNode value, long min, long max) {
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < min
                || value.longValue() > max) {
            throw invalid(key + " must be a whole number from " + min + " to " + max);
        }
        return value.longValue();
    }

    private static RefusedException invalid(String what) {
        return GoJson.refusal(400, "invalid JSON: " + what);
    }
}
