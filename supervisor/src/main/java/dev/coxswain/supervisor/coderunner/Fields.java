package dev.coxswain.supervisor.coderunner;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** A JSON object from outside, read without regard to the case of its names; unknown ones are ignored (contract section 3). */
final class Fields {
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(200).build()).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private final String place;
    private final Map<String, JsonNode> values = new HashMap<>();

    private Fields(String place, JsonNode object) {
        this.place = place;
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (values.put(field.getKey().toLowerCase(Locale.ROOT), field.getValue()) != null) {
                throw Refusal.invalid(place + field.getKey() + " is there twice");
            }
        }
    }

    /** Reads a document; an empty one is null. */
    static @Nullable JsonNode document(byte[] body) {
        if (body.length == 0) {
            return null;
        }
        try {
            JsonNode node = JSON.readTree(body);
            return node.isMissingNode() ? null : node;
        } catch (JacksonException e) {
            throw Refusal.invalid("the body is no JSON: " + e.getOriginalMessage());
        }
    }

    static Fields of(@Nullable JsonNode document) {
        if (document == null || !document.isObject()) {
            throw Refusal.invalid("the body must be a JSON object");
        }
        return new Fields("", document);
    }

    /** What a name holds; null when it is not there or null. */
    @Nullable
    JsonNode get(String name) {
        JsonNode value = values.get(name.toLowerCase(Locale.ROOT));
        return value == null || value.isNull() ? null : value;
    }

    Set<String> names() {
        return values.keySet();
    }

    /** An object inside; an empty one when it is not there. */
    Fields object(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return new Fields(place + name + ".", JsonNodeFactory.instance.objectNode());
        }
        if (!value.isObject()) {
            throw Refusal.invalid(place + name + " must be an object");
        }
        return new Fields(place + name + ".", value);
    }

    /** A trimmed text; null when it is not there. */
    @Nullable
    String text(String name, int longest) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        if (!value.isString()) {
            throw Refusal.invalid(place + name + " must be a text");
        }
        String text = value.stringValue().strip();
        if (text.length() > longest) {
            throw Refusal.invalid(place + name + " must have at most " + longest + " characters");
        }
        return text;
    }

    /** A text, or a number as its text; null when it is not there. */
    @Nullable
    String scalar(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        if (!value.isString() && !value.isNumber()) {
            throw Refusal.invalid(place + name + " must be a text");
        }
        return value.isString() ? value.stringValue() : value.asString();
    }

    UUID id(String name) {
        String text = scalar(name);
        if (text == null) {
            throw Refusal.invalid(place + name + " is missing");
        }
        return id(place + name, text);
    }

    /** A UUID in any case. */
    static UUID id(String place, String text) {
        UUID id = idOrNull(text);
        if (id == null) {
            throw Refusal.invalid(place + " must be a UUID");
        }
        return id;
    }

    static @Nullable UUID idOrNull(String text) {
        return text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}") ? UUID.fromString(text) : null;
    }

    /** One of numbered words: its number, that as a text, or the word in any case. */
    <T> T choice(String name, List<T> all, ToIntFunction<T> number, Function<T, String> label) {
        String given = scalar(name);
        for (T each : all) {
            if (given != null && (given.strip().equals(Integer.toString(number.applyAsInt(each)))
                    || given.strip().equalsIgnoreCase(label.apply(each)))) {
                return each;
            }
        }
        throw Refusal
                .invalid(place + name + " must be one of " + all.stream().map(each -> number.applyAsInt(each) + " ("
                        + label.apply(each) + ")").collect(Collectors.joining(", ")));
    }
}
