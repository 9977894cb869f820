package dev.coxswain.supervisor.simulator.model;

import java.util.LinkedHashSet;
import java.util.Set;

import tools.jackson.databind.JsonNode;

/**
 * What was said in a conversation, as far as the script must know.
 *
 * @param prompt the first thing that the user said
 * @param asks how often the user said something
 * @param calls how many tools the model has called
 * @param open calls that have no output yet
 */
record Talk(String prompt, int asks, int calls, Set<String> open) {
    static final Talk NOTHING = new Talk("", 0, 0, Set.of());

    /** The input makes no sense. */
    static final class InputException extends Exception {
        InputException(String message) {
            super(message);
        }
    }

    /** The conversation with this input. */
    Talk with(JsonNode input) throws InputException {
        if (input.isString()) {
            return asked(input.stringValue()).whole();
        }
        if (!input.isArray() || input.isEmpty()) {
            throw new InputException("input must be a text or an array of items");
        }
        Talk talk = this;
        for (JsonNode item : input) {
            talk = talk.withItem(item);
        }
        return talk.whole();
    }

    /** The conversation after the model called these tools. */
    Talk called(Set<String> ids) {
        return new Talk(prompt, asks, calls + ids.size(), ids);
    }

    private Talk withItem(JsonNode item) throws InputException {
        if (item.has("role")) {
            String role = item.path("role").asString("");
            if (!item.path("content").isString() || !(role.equals("user") || role.equals("assistant"))) {
                throw new InputException("a message needs a role, user or assistant, and content");
            }
            return role.equals("user") ? asked(item.path("content").stringValue()) : this;
        }
        String id = item.path("call_id").asString("");
        Set<String> left = new LinkedHashSet<>(open);
        return switch (item.path("type").asString("")) {
            case "function_call" -> {
                if (id.isEmpty() || item.path("name").asString("").isEmpty() || !item.path("arguments").isString()
                        || !left.add(id)) {
                    throw new InputException("a function_call needs a call_id of its own, name and arguments");
                }
                yield new Talk(prompt, asks, calls + 1, left);
            }
            case "function_call_output" -> {
                if (!left.remove(id) || !item.path("output").isString()) {
                    throw new InputException("no tool call found for function call output with call_id " + id);
                }
                yield new Talk(prompt, asks, calls, left);
            }
            default -> throw new InputException("unknown type of item");
        };
    }

    private Talk asked(String text) {
        return new Talk(asks == 0 ? text : prompt, asks + 1, calls, open);
    }

    private Talk whole() throws InputException {
        if (!open.isEmpty()) {
            throw new InputException("no tool output found for function call " + open.iterator().next());
        }
        return this;
    }
}
