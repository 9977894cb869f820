package dev.coxswain.executors.deliverable;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Small helps for the wire form. */
final class Json {
    /** Whole numbers below it are exact in a double, and are sent without a fraction. */
    private static final double EXACT_BELOW = 1e15;

    private Json() {}

    /** An object with id, kind and title; what is null is left out, a blank title is sent. */
    static ObjectNode titled(String id, @Nullable String kind, @Nullable String title) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", id);
        if (kind != null) {
            json.put("kind", kind);
        }
        if (title != null) {
            json.put("title", title);
        }
        return json;
    }

    /** Exactly true, not what might count as true. */
    static boolean isTrue(Place place) {
        return place.value().isBoolean() && place.value().booleanValue();
    }

    static void put(ObjectNode json, String field, double number) {
        if (isWhole(number)) {
            json.put(field, (long) number);
        } else {
            json.put(field, number);
        }
    }

    static void add(ArrayNode json, double number) {
        if (isWhole(number)) {
            json.add((long) number);
        } else {
            json.add(number);
        }
    }

    private static boolean isWhole(double number) {
        return number == Math.rint(number) && Math.abs(number) < EXACT_BELOW;
    }
}
