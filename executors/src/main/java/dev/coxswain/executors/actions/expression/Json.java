package dev.coxswain.executors.actions.expression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Values from JSON and back. */
public final class Json {
    private static final int MOST_LEVELS = 100;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MOST_LEVELS).build()).build())
            .build();

    private Json() {}

    /**
     * A value of a document that was read already.
     *
     * @param tainted whether a stranger may have written it
     */
    public static Value value(JsonNode node, boolean tainted) {
        if (node.isObject()) {
            Map<String, Value> fields = new LinkedHashMap<>();
            node.properties().forEach(each -> fields.put(each.getKey(), value(each.getValue(), tainted)));
            return new Value.Fields(fields, tainted, null);
        }
        if (node.isArray()) {
            List<Value> items = new ArrayList<>();
            node.forEach(each -> items.add(value(each, tainted)));
            return new Value.Items(items, tainted, false);
        }
        if (node.isString()) {
            return new Value.Text(node.stringValue(), tainted);
        }
        if (node.isBoolean()) {
            return new Value.Bool(node.booleanValue(), tainted);
        }
        return node.isNumber() ? new Value.Num(node.asDouble(), tainted) : new Value.Null(tainted);
    }

    /** Of a text; its taint is the text's. */
    static Value read(String text, boolean tainted, int at) {
        try {
            JsonNode node = MAPPER.readTree(text);
            if (node == null || node.isMissingNode()) {
                throw new ExpressionException("fromJSON got a text that is empty", at);
            }
            return value(node, tainted);
        } catch (JacksonException e) {
            throw new ExpressionException("fromJSON got a text that is no JSON, or nested deeper than " + MOST_LEVELS
                    + " levels", at);
        }
    }

    /** With two spaces for each level. */
    static String write(Value value, int at) {
        StringBuilder text = new StringBuilder();
        write(text, value, "\n", at);
        return text.toString();
    }

    private static void write(StringBuilder to, Value value, String line, int at) {
        Limits.check(to.length(), at);
        switch (value) {
            case Value.Null none -> to.append("null");
            case Value.Bool bool -> to.append(bool.is());
            case Value.Num num -> to.append(Coercion.text(num.number()));
            case Value.Text text -> to.append(quoted(text.text()));
            case Value.Items items -> {
                String sep = "[";
                for (Value each : items.items()) {
                    write(to.append(sep).append(line).append("  "), each, line + "  ", at);
                    sep = ",";
                }
                to.append(items.items().isEmpty() ? "[]" : line + "]");
            }
            case Value.Fields fields -> {
                String sep = "{";
                for (Map.Entry<String, Value> each : fields.fields().entrySet()) {
                    to.append(sep).append(line).append("  ").append(quoted(each.getKey())).append(": ");
                    write(to, each.getValue(), line + "  ", at);
                    sep = ",";
                }
                to.append(fields.fields().isEmpty() ? "{}" : line + "}");
            }
        }
    }

    private static String quoted(String text) {
        return JsonNodeFactory.instance.stringNode(text).toString();
    }
}
