package dev.coxswain.supervisor.config;

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One text, number or word.
 *
 * @param title its type in the reference
 * @param text whether it may stand in quotes; a number may not, unless something is put in
 * @param parser turns the text, with everything put in, into the value; throws {@link Refused}
 * @param describe writes the JSON Schema
 */
record Scalar<T>(String title, boolean text, Parser<T> parser, Consumer<ObjectNode> describe) implements Shape<T> {
    /** Reads one value. */
    @FunctionalInterface
    interface Parser<T> {
        T parse(String text);
    }

    @Override
    public @Nullable T read(Reader reader, YamlNode node, String path) {
        Substitution.Result result = reader.text(node, path, title);
        if (result == null) {
            return null;
        }
        if (!text && result.isLiteral() && node instanceof YamlNode.Text written && !written.plain()) {
            reader.problems().error(node.place(), path, "must be " + title + ", not a text", "remove the quotes");
            return null;
        }
        try {
            return parser.parse(result.value());
        } catch (Refused e) {
            reader.problems().error(node.place(), path, e.text(), e.hint());
            return null;
        }
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        describe.accept(schema);
        return schema;
    }
}
