package dev.coxswain.supervisor.simulator;

import java.nio.charset.StandardCharsets;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The one JSON mapper of the simulator: strict when it reads (no duplicate keys, nothing behind the value). */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper
            .builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).build()).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private Json() {}

    /**
     * Reads one JSON value; an empty text is a missing node.
     *
     * @throws tools.jackson.core.JacksonException when it is not exactly one JSON value
     */
    public static JsonNode read(byte[] text) {
        return MAPPER.readTree(text);
    }

    /** Writes maps, lists, texts, numbers, booleans and JSON nodes. */
    public static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    static String text(Object value) {
        return new String(bytes(value), StandardCharsets.UTF_8);
    }
}
