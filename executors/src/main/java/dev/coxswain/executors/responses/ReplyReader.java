package dev.coxswain.executors.responses;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads an answer of the Responses API, as far as it matters here; what it does not know it passes over. */
final class ReplyReader {
    /** More tools in one answer are nonsense. */
    static final int MAX_CALLS = 128;

    private static final int MAX_WORD = 40;

    private final JsonMapper mapper;

    ReplyReader(JsonMapper mapper) {
        this.mapper = mapper;
        // the mapper finds its parts under locks at the first use: now, and not on a thread that must not wait
        mapper.readTree("{}");
    }

    /**
     * The answer.
     *
     * @param referred whether the request named an earlier answer
     * @throws ModelException when it is no answer of this API, or not completed
     */
    ModelReply read(byte[] body, boolean referred) {
        JsonNode answer = parse(body);
        refuseUnlessCompleted(answer);
        JsonNode output = answer.path("output");
        if (!output.isArray()) {
            throw new ModelException(CallResult.GARBLED, "the model server's answer has no output");
        }
        StringBuilder text = new StringBuilder();
        boolean refused = false;
        List<ToolCall> calls = new ArrayList<>();
        for (JsonNode item : output) {
            switch (text(item, "type")) {
                case "function_call" -> addCall(calls, item);
                case "message" -> {
                    for (JsonNode part : item.path("content")) {
                        refused |= text(part, "type").equals("refusal");
                        if (text(part, "type").equals("output_text")) {
                            text.append(text(part, "text"));
                        }
                    }
                }
                default -> {
                    // reasoning, and whatever else a server adds for itself
                }
            }
        }
        JsonNode previous = answer.path("previous_response_id");
        return new ModelReply(id(answer), referred && previous.isNull(), text.toString(), refused, calls,
                usage(answer.path("usage")));
    }

    /** The code, else the type, of an error; empty when there is none. */
    String errorCode(byte[] body) {
        try {
            JsonNode error = mapper.readTree(body).path("error");
            String code = word(text(error, "code"));
            return code.isEmpty() ? word(text(error, "type")) : code;
        } catch (JacksonException e) {
            return ""; // a proxy's page; its status says enough
        }
    }

    private JsonNode parse(byte[] body) {
        try {
            JsonNode answer = mapper.readTree(body);
            if (answer.isObject()) {
                return answer;
            }
        } catch (UnexpectedEndOfInputException e) {
            if (body.length > 0 && body[0] == '{') {
                throw new ModelException(CallResult.UNAVAILABLE, "the model server's answer ends in the middle");
            }
        } catch (JacksonException e) {
            // the message would quote the answer, and a cause would end in a log
        }
        throw new ModelException(CallResult.GARBLED, "the model server's answer is not a JSON object");
    }

    private static void refuseUnlessCompleted(JsonNode answer) {
        JsonNode status = answer.path("status");
        if (status.isMissingNode() || status.isNull() || status.asString("").equals("completed")) {
            return;
        }
        String reason = word(answer.path("incomplete_details").path("reason").asString(""));
        String code = word(answer.path("error").path("code").asString(""));
        String why = reason.isEmpty() ? code : reason;
        throw new ModelException(CallResult.INCOMPLETE, "the model's answer has the status "
                + word(status.asString("")) + (why.isEmpty() ? "" : " (" + why + ")"));
    }

    private static void addCall(List<ToolCall> calls, JsonNode item) {
        String id = text(item, "call_id");
        String name = text(item, "name");
        if (id.isEmpty() || name.isEmpty()) {
            return; // contract xenonflare-workspace 5: only items with both are dispatched
        }
        if (calls.size() == MAX_CALLS) {
            throw new ModelException(CallResult.GARBLED,
                    "the model asked for more than " + MAX_CALLS + " tools in one answer");
        }
        JsonNode arguments = item.path("arguments");
        // a text by the API's rules; some compatible servers send the object itself
        calls.add(new ToolCall(id, name, arguments.isObject() ? arguments.toString() : arguments.asString("")));
    }

    private static @Nullable String id(JsonNode answer) {
        String id = text(answer, "id");
        boolean stored = answer.path("store").asBoolean(true);
        return id.isEmpty() || !stored ? null : id;
    }

    private static TokenUsage usage(JsonNode usage) {
        return new TokenUsage(usage.path("input_tokens").asLong(0),
                usage.path("input_tokens_details").path("cached_tokens").asLong(0),
                usage.path("output_tokens").asLong(0));
    }

    private static String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isString() ? value.stringValue() : "";
    }

    /** A word of the API, made harmless: it goes into a message for people. */
    private static String word(String text) {
        String plain = text.replaceAll("[^A-Za-z0-9_.-]", "");
        return plain.length() > MAX_WORD ? plain.substring(0, MAX_WORD) : plain;
    }
}
