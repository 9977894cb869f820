package dev.coxswain.executors.responses;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes requests of the Responses API. By hand, because the mapper's cache of serializers has a lock that a thread which
 * must not wait could wait for.
 */
final class RequestBodies {
    private static final int MAX_SUMMARY_TOKENS = 4096;

    private final JsonMapper mapper;
    private final ResponsesConfig config;
    private final String tools;

    RequestBodies(JsonMapper mapper, ResponsesConfig config) {
        this.mapper = mapper;
        this.config = config;
        this.tools = ToolDefinitions.json(mapper);
    }

    /** A round of the tool loop; instructions and tools go out with each one. */
    byte[] round(List<Item> input, @Nullable String previousId) {
        return write(config.model(), out -> {
            out.writeStringProperty("instructions", Prompts.INSTRUCTIONS);
            out.writeName("tools");
            out.writeRawValue(tools);
            out.writeStringProperty("tool_choice", "auto");
            out.writeBooleanProperty("parallel_tool_calls", true);
            if (previousId != null) {
                out.writeStringProperty("previous_response_id", previousId);
            }
            if (input.size() == 1 && input.getFirst() instanceof Item.Said(var text)) {
                out.writeStringProperty("input", text);
            } else {
                out.writeArrayPropertyStart("input");
                input.forEach(item -> item.write(out));
                out.writeEndArray();
            }
        });
    }

    /** A request for a summary of this text. */
    byte[] summary(String text) {
        return write(config.summaryModel(), out -> {
            out.writeStringProperty("instructions", Prompts.SUMMARY);
            out.writeStringProperty("input", text);
            out.writeNumberProperty("max_output_tokens", MAX_SUMMARY_TOKENS);
        });
    }

    private byte[] write(String model, Consumer<JsonGenerator> rest) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(8192);
        try (JsonGenerator out = mapper.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeStringProperty("model", model);
            out.writeBooleanProperty("stream", false);
            rest.accept(out);
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }
}
