package dev.coxswain.supervisor.simulator;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** The one JSON mapper of the simulator: strict when it reads (no duplicate keys, nothing behind the value). */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper
            .builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).build()).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private static final ObjectReader FIRST = MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Json() {}

    /**
     * Reads one JSON value; an empty text is a missing node.
     *
     * @throws tools.jackson.core.JacksonException when it is not exactly one JSON value
     */
    public static JsonNode read(byte[] text) {
        return MAPPER.readTree(text);
    }

    /**
     * Reads the first JSON value, whatever is behind it; an empty text is a missing node.
     *
     * @throws tools.jackson.core.JacksonException when it does not begin with one
     */
    public static JsonNode readFirst(byte[] text) {
        return FIRST.readTree(text);
    }

    /**
     * Writes maps, lists, texts, numbers and booleans. By hand, because the mapper's cache of serializers has a
     * lock that an event loop could wait for.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static byte[] bytes(Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator out = MAPPER.createGenerator(bytes)) {
            write(out, value);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator out, @Nullable Object value) {
        switch (value) {
            case Map<?, ?> map -> {
                out.writeStartObject();
                map.forEach((key, each) -> {
                    out.writeName(String.valueOf(key));
                    write(out, each);
                });
                out.writeEndObject();
            }
            case List<?> list -> {
                out.writeStartArray();
                list.forEach(each -> write(out, each));
                out.writeEndArray();
            }
            case String text -> out.writeString(text);
            case Integer number -> out.writeNumber(number.intValue());
            case Long number -> out.writeNumber(number.longValue());
            case BigDecimal number -> out.writeNumber(number);
            case Boolean truth -> out.writeBoolean(truth);
            case null -> out.writeNull();
            default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
        }
    }

    /** Has reader and writer ready: they find their parts under locks, so here and not on an event loop. */
    static void warm() {
        byte[] sample = bytes(Map.of("warm", List.of(1, true)));
        read(sample);
        readFirst(sample);
    }

    static String text(Object value) {
        return new String(bytes(value), StandardCharsets.UTF_8);
    }
}
