package dev.coxswain.supervisor.controlplane.xenonflare;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.InvalidResultException;
import tools.jackson.databind.JsonNode;

/** Reads texts of a job's result; every message names the place. */
final class Texts {
    private Texts() {}

    /** A field that is a text when present; null when it is absent or null. */
    static @Nullable String optional(String where, JsonNode object, String field) throws InvalidResultException {
        JsonNode value = object.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw new InvalidResultException(place(where, field) + " must be a text");
        }
        return value.stringValue();
    }

    static String place(String where, String field) {
        return where.isEmpty() ? field : where + "." + field;
    }

    /** A name from a result for a message: short, one line, and a URL without its query. */
    static String quote(String name) {
        return '"' + OneLine.cut(Urls.withoutQuery(name).replaceAll("\\p{Cntrl}", "?"), 80) + '"';
    }
}
