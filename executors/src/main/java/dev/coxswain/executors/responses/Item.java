package dev.coxswain.executors.responses;

import tools.jackson.core.JsonGenerator;

/** One item of an exchange with the model, as it is sent when the server keeps nothing. */
sealed interface Item {
    void write(JsonGenerator out);

    /** Roughly how long it is. */
    int characters();

    /** What we say. */
    record Said(String text) implements Item {
        @Override
        public void write(JsonGenerator out) {
            out.writeStartObject();
            out.writeStringProperty("role", "user");
            out.writeStringProperty("content", text);
            out.writeEndObject();
        }

        @Override
        public int characters() {
            return text.length();
        }
    }

    /** What the model said. */
    record Answered(String text) implements Item {
        @Override
        public void write(JsonGenerator out) {
            out.writeStartObject();
            out.writeStringProperty("role", "assistant");
            out.writeStringProperty("content", text);
            out.writeEndObject();
        }

        @Override
        public int characters() {
            return text.length();
        }
    }

    /**
     * A tool that the model asked for. Without the item's own id: with it, some servers insist on the reasoning that came
     * before it, which only they could have kept.
     */
    record Asked(ToolCall call) implements Item {
        @Override
        public void write(JsonGenerator out) {
            out.writeStartObject();
            out.writeStringProperty("type", "function_call");
            out.writeStringProperty("call_id", call.id());
            out.writeStringProperty("name", call.name());
            out.writeStringProperty("arguments", call.arguments());
            out.writeEndObject();
        }

        @Override
        public int characters() {
            return call.id().length() + call.name().length() + call.arguments().length();
        }
    }

    /** What the tool said. */
    record Output(String callId, String output) implements Item {
        @Override
        public void write(JsonGenerator out) {
            out.writeStartObject();
            out.writeStringProperty("type", "function_call_output");
            out.writeStringProperty("call_id", callId);
            out.writeStringProperty("output", output);
            out.writeEndObject();
        }

        @Override
        public int characters() {
            return callId.length() + output.length();
        }
    }
}
