package dev.coxswain.executors.deliverable;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * A value in what was given, and where it stands, for messages.
 *
 * @param path such as {@code charts[2].series[0].name}; empty for the whole
 */
record Place(String path, JsonNode value) {
    private static final Pattern PLAIN_ID = Pattern.compile("[a-zA-Z0-9_-]+");
    static final int MOST_ID = 64;
    private static final int MOST_TITLE = 200;
    private static final int MOST_QUOTE = 40;

    Place at(String field) {
        return new Place(path.isEmpty() ? field : path + "." + field, value.path(field));
    }

    InvalidDeliverableException wrong(String problem) {
        return new InvalidDeliverableException((path.isEmpty() ? "the deliverable" : path) + " " + problem);
    }

    /** Refuses everything but an object. */
    Place object() throws InvalidDeliverableException {
        if (!value.isObject()) {
            throw wrong("must be an object, but is " + found());
        }
        return this;
    }

    String text() throws InvalidDeliverableException {
        if (!value.isString()) {
            throw wrong("must be a text, but is " + found());
        }
        return JsText.whole(value.stringValue());
    }

    /** A text that is trimmed, cut and not blank. */
    String words(int most) throws InvalidDeliverableException {
        String words = JsText.trim(text(), most);
        if (words.isEmpty()) {
            throw wrong("must not be blank");
        }
        return words;
    }

    /** A text that is trimmed and cut; null when this is something else. */
    @Nullable
    String optional(int most) {
        return value.isString() ? JsText.trim(JsText.whole(value.stringValue()), most) : null;
    }

    /** The elements of an array. */
    List<Place> elements(int least, int most, String what) throws InvalidDeliverableException {
        List<Place> elements = elements(what);
        if (elements.size() < least || elements.size() > most) {
            throw wrong("has " + elements.size() + " " + what + "; allowed are " + least + " to " + most);
        }
        return elements;
    }

    List<Place> elements(String what) throws InvalidDeliverableException {
        if (!value.isArray()) {
            throw wrong("must be an array of " + what + ", but is " + found());
        }
        List<Place> elements = new ArrayList<>(value.size());
        for (JsonNode element : value.values()) {
            elements.add(new Place(path + "[" + elements.size() + "]", element));
        }
        return elements;
    }

    /** A finite JSON number. */
    double number() throws InvalidDeliverableException {
        if (!value.isNumber()) {
            throw wrong("must be a number, but is " + found());
        }
        // a whole number may be too large for a double, and then has no value as one
        double number = value.asDouble(Double.NaN);
        if (!Double.isFinite(number)) {
            throw wrong("is no finite number");
        }
        return number;
    }

    /** The {@code title} of a deliverable: dropped when it is no text. */
    @Nullable
    String title() {
        return at("title").optional(MOST_TITLE);
    }

    /** The {@code id} of a chart or table: any text that is not blank. */
    String anyId() throws InvalidDeliverableException {
        return at("id").words(MOST_ID);
    }

    /** The {@code id} of a list, checklist or svg. */
    String plainId() throws InvalidDeliverableException {
        return plainId(MOST_ID);
    }

    String plainId(int most) throws InvalidDeliverableException {
        Place id = at("id");
        String words = id.words(most);
        if (!PLAIN_ID.matcher(words).matches()) {
            throw id.wrong("is " + quote(words) + "; allowed are letters a-z and A-Z, digits, '_' and '-'");
        }
        return words;
    }

    /** Refuses a {@code kind} other than this word. */
    void kind(String word) throws InvalidDeliverableException {
        Place kind = at("kind");
        if (!(kind.value.isString() && kind.value.stringValue().equals(word))) {
            throw kind.wrong("must be \"" + word + "\"" + (kind.value.isString()
                    ? ", not " + quote(kind.value.stringValue())
                    : ", but is " + kind.found()));
        }
    }

    /** What stands here, for messages. */
    String found() {
        return switch (value.getNodeType()) {
            case MISSING -> "missing";
            case NULL -> "null";
            case STRING -> "a text";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            case BINARY, POJO -> "something else";
        };
    }

    /** A short piece of what was given, in one line. */
    static String quote(String text) {
        String line = JsText.cut(text, MOST_QUOTE).replaceAll("[\\p{Cntrl}\\u2028\\u2029]", " ");
        return '"' + line + (text.length() > MOST_QUOTE ? "…" : "") + '"';
    }
}
