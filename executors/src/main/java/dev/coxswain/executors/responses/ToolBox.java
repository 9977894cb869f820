package dev.coxswain.executors.responses;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.deliverable.Deliverable;
import dev.coxswain.executors.deliverable.Deliverables;
import dev.coxswain.executors.deliverable.InvalidDeliverableException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tools of one job and what they made. What a call gets wrong is told to the model and never ends the job. */
final class ToolBox {
    private final JsonMapper mapper;
    private Deliverables made = Deliverables.none();

    ToolBox(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /** What the accepted calls made so far. */
    Deliverables made() {
        return made;
    }

    /** Carries out one call. */
    Output use(ToolCall call) {
        Tool tool = Tool.named(call.name());
        if (tool == null) {
            return output(null, false, "there is no such tool; there are: " + Tool.names());
        }
        JsonNode arguments = arguments(call.arguments());
        if (arguments == null) {
            return output(tool, false, "the arguments are not a JSON object");
        }
        try {
            Deliverable one = tool.make(arguments);
            made = made.with(one);
            return output(tool, true,
                    "attached; cite it as {{artifact:" + one.kind().word() + ":" + one.reference() + "}}");
        } catch (InvalidDeliverableException e) {
            return output(tool, false, String.valueOf(e.getMessage()));
        }
    }

    private @Nullable JsonNode arguments(String text) {
        try {
            JsonNode arguments = mapper.readTree(text);
            return arguments.isObject() ? arguments : null;
        } catch (JacksonException e) {
            return null; // the model is told; the exception would quote it
        }
    }

    private Output output(@Nullable Tool tool, boolean ok, String detail) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try (JsonGenerator out = mapper.createGenerator(json)) {
            out.writeStartObject();
            out.writeBooleanProperty("ok", ok);
            out.writeStringProperty("detail", detail);
            out.writeEndObject();
        }
        return new Output(tool == null ? "unknown tool" : tool.wireName(), ok,
                json.toString(StandardCharsets.UTF_8));
    }

    /**
     * What came of a call.
     *
     * @param tool one of our own names, not what the model wrote
     * @param json {@code {"ok":…,"detail":…}}
     */
    record Output(String tool, boolean ok, String json) {}
}
