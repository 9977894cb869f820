package dev.coxswain.supervisor.bench;

import tools.jackson.databind.JsonNode;

/**
 * What a parent asks of a child process.
 *
 * @param what one word
 * @param with its parameters
 */
record Order(String what, JsonNode with) {
    String text(String name) {
        JsonNode value = with.path(name);
        if (!value.isString()) {
            throw new IllegalArgumentException(what + " needs " + name);
        }
        return value.stringValue();
    }

    double number(String name) {
        JsonNode value = with.path(name);
        if (!value.isNumber()) {
            throw new IllegalArgumentException(what + " needs the number " + name);
        }
        return value.doubleValue();
    }

    int count(String name) {
        return Math.toIntExact((long) number(name));
    }
}
