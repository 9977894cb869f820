package dev.coxswain.supervisor.simulator.oore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.Json;
import dev.coxswain.supervisor.simulator.RefusedException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A request's JSON object. What does not fit is a 400 {@code invalid_request}; unknown fields are nobody's business;
 * scalars may be null, arrays may not (contract oore-ci 1).
 *
 * @param node the object
 * @param where what it is, for messages
 */
record Body(JsonNode node, String where) {
    static final int MAX_BYTES = 2 << 20;

    static Body of(Call call) {
        String type = String.valueOf(call.header("content-type")).split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!type.equals("application/json") && !(type.startsWith("application/") && type.endsWith("+json"))) {
            throw Refusal.invalid("the Content-Type must be application/json");
        }
        if (call.body().length > MAX_BYTES) {
            throw tooLarge();
        }
        JsonNode node;
        try {
            node = Json.read(call.body());
        } catch (JacksonException e) {
            throw Refusal.invalid("the body is not valid JSON");
        }
        return object(node, "the body");
    }

    static RefusedException tooLarge() {
        return Refusal.of(413, "payload_too_large", "the body is larger than " + MAX_BYTES + " bytes");
    }

    private static Body object(JsonNode node, String where) {
        if (!node.isObject()) {
            throw Refusal.invalid(where + " must be an object");
        }
        return new Body(node, where);
    }

    String text(String field) {
        String text = optionalText(field);
        if (text == null) {
            throw bad(field, "is required");
        }
        return text;
    }

    @Nullable
    String optionalText(String field) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw bad(field, "must be a string");
        }
        return value.stringValue();
    }

    long whole(String field) {
        Long value = optionalWhole(field, Long.MIN_VALUE, Long.MAX_VALUE);
        if (value == null) {
            throw bad(field, "is required");
        }
        return value;
    }

    @Nullable
    Long optionalWhole(String field, long min, long max) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < min
                || value.longValue() > max) {
            throw bad(field, "must be a whole number from " + min + " to " + max);
        }
        return value.longValue();
    }

    @Nullable
    Boolean optionalTruth(String field) {
        JsonNode value = node.path(field);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw bad(field, "must be true or false");
        }
        return value.isBoolean() ? (Boolean) value.booleanValue() : null;
    }

    /** The objects of an array; none when it is absent and may be. */
    List<Body> objects(String field, boolean required) {
        JsonNode array = node.path(field);
        if (array.isMissingNode() && !required) {
            return List.of();
        }
        if (!array.isArray()) {
            throw bad(field, "must be an array");
        }
        List<Body> objects = new ArrayList<>(array.size());
        for (JsonNode entry : array.values()) {
            objects.add(object(entry, field + "[" + objects.size() + "]"));
        }
        return objects;
    }

    /** Whatever is there, as maps, lists, texts, numbers and booleans; null when nothing is. */
    @Nullable
    Object any(String field) {
        return plain(node.path(field));
    }

    private static @Nullable Object plain(JsonNode value) {
        if (value.isObject()) {
            Map<String, Object> map = new LinkedHashMap<>();
            value.properties().forEach(entry -> map.put(entry.getKey(), plain(entry.getValue())));
            return map;
        }
        if (value.isArray()) {
            List<Object> list = new ArrayList<>(value.size());
            value.values().forEach(entry -> list.add(plain(entry)));
            return list;
        }
        if (value.isNumber()) {
            return value.isIntegralNumber() && value.canConvertToLong()
                    ? (Object) value.longValue()
                    : value.decimalValue();
        }
        if (value.isString()) {
            return value.stringValue();
        }
        return value.isBoolean() ? (Object) value.booleanValue() : null;
    }

    private RefusedException bad(String field, String reason) {
        return Refusal.invalid(where + ": " + field + " " + reason);
    }
}
