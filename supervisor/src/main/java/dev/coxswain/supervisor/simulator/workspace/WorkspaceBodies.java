package dev.coxswain.supervisor.simulator.workspace;

import dev.coxswain.supervisor.simulator.RefusedException;
import tools.jackson.databind.JsonNode;

/** Checks request bodies other than results (contract xenonflare-workspace 1, 2). */
final class WorkspaceBodies {
    private static final int MAX_ID = 1024;
    /** The real cap is unknown; the official runner sends 39,800 characters and a note. */
    private static final int MAX_SUMMARY = 41_000;
    /** The official runner cuts there. */
    private static final int MAX_ERROR = 500;

    private WorkspaceBodies() {}

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
            throw RefusedException.of(400, field + " must be a non-empty string");
        }
        if (value.stringValue().length() > max) {
            throw RefusedException.of(400, field + " is longer than " + max);
        }
        return value.stringValue();
    }
}
