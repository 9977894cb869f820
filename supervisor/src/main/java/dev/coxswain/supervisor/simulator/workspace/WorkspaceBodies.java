package dev.coxswain.supervisor.simulator.workspace;

import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Checks request bodies other than results (contract xenonflare-workspace 1, 2). */
final class WorkspaceBodies {
    private static final int MAX_ID = 1024;
    /** The real cap is unknown; the official runner sends 39,800 characters and a note. */
    private static final int MAX_SUMMARY = 41_000;
    /** The official runner cuts there. */
    private static final int MAX_ERROR = 500;

    private WorkspaceBodies() {}

    /** The body as an object; an empty one is refused, since every call carries one. */
    static JsonNode object(Call call) {
        if (!call.saysJson()) {
            throw RefusedException.request("Content-Type must be application/json");
        }
        JsonNode body;
        try {
            body = Json.read(call.body());
        } catch (JacksonException e) {
            throw RefusedException.request("the body is not valid JSON");
        }
        if (!body.isObject()) {
            throw RefusedException.request("the body must be a JSON object");
        }
        return body;
    }

    static String workspaceId(JsonNode body) {
        return text(body, "workspaceId", MAX_ID);
    }

    static Summary summary(JsonNode body) {
        return new Summary(text(body, "summaryText", MAX_SUMMARY), text(body, "fromMessageId", MAX_ID),
                text(body, "throughMessageId", MAX_ID));
    }

    static void error(JsonNode body) {
        text(body, "error", MAX_ERROR);
    }

    /** A field that must be there and say something. */
    static String text(JsonNode body, String field, int max) {
        JsonNode value = body.path(field);
        if (!value.isString() || JsRules.isBlank(value.stringValue())) {
            throw RefusedException.request(field + " must be a non-empty string");
        }
        if (value.stringValue().length() > max) {
            throw RefusedException.request(field + " is longer than " + max);
        }
        return value.stringValue();
    }
}
