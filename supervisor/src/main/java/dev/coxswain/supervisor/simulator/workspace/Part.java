package dev.coxswain.supervisor.simulator.workspace;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import dev.coxswain.supervisor.simulator.Answer;
import dev.coxswain.supervisor.simulator.RefusedException;
import tools.jackson.databind.JsonNode;

/**
 * One place in a result, with what may be asked of it; what does not hold is a {@link RefusedException} that names it.
 *
 * @param slice the field of the body in which it lies
 * @param at where it is
 * @param node what is there; missing when nothing is
 */
record Part(String slice, String at, JsonNode node) {
    private static final Pattern ID = Pattern.compile("[a-zA-Z0-9_-]+");
    private static final int MAX_ID = 64;
    private static final int MAX_TITLE = 200;

    /**
     * A result of which one part is wrong.
     *
     * @param slice the field of the body
     * @param at the place in it
     * @param reason what is wrong there; shows nothing of the content
     */
    static RefusedException refusal(String slice, String at, String reason) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("slice", slice);
        detail.put("at", at);
        detail.put("reason", reason);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", "invalid " + slice);
        body.put("detail", detail);
        return new RefusedException(at + " " + reason, Answer.json(400, body));
    }

    RefusedException bad(String reason) {
        return refusal(slice, at, reason);
    }

    /** An object that has no other fields than these. */
    Part object(Set<String> fields) {
        if (!node.isObject()) {
            throw bad("must be an object");
        }
        for (String field : node.propertyNames()) {
            if (!fields.contains(field)) {
                throw bad("has a field that it must not have");
            }
        }
        return this;
    }

    Part field(String name) {
        return new Part(slice, at + "." + name, node.path(name));
    }

    boolean has(String name) {
        return node.has(name);
    }

    List<Part> items(int min, int max) {
        if (!node.isArray() || node.size() < min || node.size() > max) {
            throw bad("must be an array of " + min + " to " + max + " entries");
        }
        List<Part> items = new ArrayList<>(node.size());
        for (JsonNode item : node.values()) {
            items.add(new Part(slice, at + "[" + items.size() + "]", item));
        }
        return items;
    }

    String text(int max) {
        if (!node.isString()) {
            throw bad("must be a string");
        }
        String text = node.stringValue();
        if (text.length() > max) {
            throw bad("is longer than " + max);
        }
        if (JsRules.hasLoneHalf(text)) {
            throw bad("holds half of a surrogate pair");
        }
        return text;
    }

    String trimmed(int max) {
        String text = text(max);
        if (!JsRules.isTrimmed(text, max)) {
            throw bad("is not trimmed");
        }
        return text;
    }

    /** A trimmed text that is not blank. */
    String name(int max) {
        String text = trimmed(max);
        if (JsRules.isBlank(text)) {
            throw bad("is blank");
        }
        return text;
    }

    /** An id of letters, digits, {@code _} and {@code -}. */
    String id(int max) {
        String id = text(max);
        if (!ID.matcher(id).matches()) {
            throw bad("is no id");
        }
        return id;
    }

    /** The object's id of the strict kind, its title checked as well. */
    String strictId() {
        title();
        return field("id").id(MAX_ID);
    }

    /** The object's id of the kind that may hold anything, its title checked as well. */
    String looseId() {
        title();
        return field("id").name(MAX_ID);
    }

    void is(String word) {
        if (!node.isString() || !node.stringValue().equals(word)) {
            throw bad("is not " + word);
        }
    }

    boolean isTrue() {
        return node.isBoolean() && node.booleanValue();
    }

    double number() {
        double value = node.isNumber() ? node.asDouble(Double.NaN) : Double.NaN;
        if (!Double.isFinite(value)) {
            throw bad("must be a finite number");
        }
        return value;
    }

    private void title() {
        if (has("title")) {
            field("title").trimmed(MAX_TITLE);
        }
    }
}
