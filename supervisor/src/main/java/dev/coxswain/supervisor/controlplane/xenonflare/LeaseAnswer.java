package dev.coxswain.supervisor.controlplane.xenonflare;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** Reads the answer of {@code leaseRunnerJob}; all fields of {@code project} are optional (contract xenonflare-studio 2). */
final class LeaseAnswer {
    private static final int MOST_ID = 256;

    private LeaseAnswer() {}

    /** {@code leased} true, also as a text; an id without {@code leased} counts as a lease, or the job is lost. */
    static boolean isLeased(JsonNode body, boolean hasId) {
        JsonNode leased = body.path("leased");
        return (leased.isMissingNode() || leased.isNull()) ? hasId : isTrue(leased);
    }

    static boolean isNoJob(JsonNode body) {
        JsonNode leased = body.path("leased");
        return leased.isBoolean() ? !leased.booleanValue() : "false".equals(text(leased));
    }

    /** Null when it is missing or can't be an id. */
    static @Nullable String id(JsonNode body, String idField) {
        JsonNode id = body.path(idField);
        if (id.isIntegralNumber()) {
            return id.asString();
        }
        if (!id.isString()) {
            return null;
        }
        // it goes back as it came; but it also becomes an environment variable, which can't hold a NUL
        String text = id.stringValue();
        return text.isBlank() || text.length() > MOST_ID || text.chars().anyMatch(Character::isISOControl)
                ? null
                : text;
    }

    static boolean includesTts(JsonNode body) {
        return isTrue(body.path("project").path("includeTts"));
    }

    static boolean isTrue(JsonNode value) {
        return value.isBoolean() ? value.booleanValue() : "true".equals(text(value));
    }

    private static @Nullable String text(JsonNode value) {
        return value.isString() ? value.stringValue().strip().toLowerCase(Locale.ROOT) : null;
    }
}
