package dev.coxswain.supervisor.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The shapes that hold others: lists, maps, and sections of declared keys. */
final class Shapes {
    private Shapes() {}

    /** A value of a list or map, with what the messages about it need. */
    record Held<T>(T value, Place place, String path) {}

    /** One mapping with declared keys. */
    record Nested(ConfigKeys below) implements Shape<Section> {
        @Override
        public @Nullable Section read(Reader reader, YamlNode node, String path) {
            YamlNode.Entries entries = reader.entries(node, path);
            return entries == null ? null : Section.open(reader, below, entries, path);
        }

        @Override
        public ObjectNode schema() {
            return JsonSchema.section(below);
        }

        @Override
        public String title() {
            return "section";
        }
    }

    /** Sections under names that the user chooses. */
    record Named(ConfigKeys below) implements Shape<Map<String, Section>> {
        @Override
        public @Nullable Map<String, Section> read(Reader reader, YamlNode node, String path) {
            YamlNode.Entries entries = reader.entries(node, path);
            if (entries == null) {
                return null;
            }
            Map<String, Section> sections = new LinkedHashMap<>();
            for (YamlNode.Entry entry : entries.entries()) {
                String child = KeyPath.child(path, entry.key());
                if (!entry.key().matches(Values.NAME)) {
                    reader.problems().error(entry.place(), child, "is not a name", Values.NAME_HINT);
                    continue;
                }
                YamlNode.Entries below = reader.entries(entry.value(), child);
                Section section = below == null ? null : Section.open(reader, this.below, below, child);
                // a section with a wrong value still has a name that may be referred to
                sections.put(entry.key(), section != null
                        ? section
                        : Section.broken(reader, entry.value().place(), child));
            }
            return sections;
        }

        @Override
        public ObjectNode schema() {
            ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
            schema.putObject("propertyNames").put("pattern", "^" + Values.NAME + "$");
            schema.set("additionalProperties", JsonSchema.section(below));
            return schema;
        }

        @Override
        public String title() {
            return "named sections";
        }

        @Override
        public String step() {
            return ".NAME";
        }
    }

    /** A list of sections. */
    record Sections(ConfigKeys below) implements Shape<List<Section>> {
        @Override
        public @Nullable List<Section> read(Reader reader, YamlNode node, String path) {
            if (!(node instanceof YamlNode.Items items)) {
                reader.problems().error(node.place(), path, "must be a list", "begin each one with a dash");
                return null;
            }
            List<Section> sections = new ArrayList<>();
            for (int i = 0; i < items.items().size(); i++) {
                String child = KeyPath.item(path, i);
                YamlNode.Entries entries = reader.entries(items.items().get(i), child);
                Section section = entries == null ? null : Section.open(reader, below, entries, child);
                if (section != null) {
                    sections.add(section);
                }
            }
            return sections;
        }

        @Override
        public ObjectNode schema() {
            ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "array").put("minItems", 1);
            schema.set("items", JsonSchema.section(below));
            return schema;
        }

        @Override
        public String title() {
            return "list of sections";
        }

        @Override
        public String step() {
            return "[]";
        }
    }

    /** A list of sections, each of which may be written as the value of its main key alone. */
    record ShortSections(ConfigKeys below, ConfigKey<String> main) implements Shape<List<Section>> {
        @Override
        public @Nullable List<Section> read(Reader reader, YamlNode node, String path) {
            if (!(node instanceof YamlNode.Items items)) {
                reader.problems().error(node.place(), path, "must be a list", "write [ … ]");
                return null;
            }
            List<Section> sections = new ArrayList<>();
            for (int i = 0; i < items.items().size(); i++) {
                YamlNode item = items.items().get(i);
                String child = KeyPath.item(path, i);
                YamlNode.Entries entries = item instanceof YamlNode.Text text && !text.isNothing()
                        ? new YamlNode.Entries(item.place(),
                                List.of(new YamlNode.Entry(main.name(), item.place(), item)), 2, 2)
                        : reader.entries(item, child);
                Section section = entries == null ? null : Section.open(reader, below, entries, child);
                if (section != null) {
                    sections.add(section);
                }
            }
            return sections;
        }

        @Override
        public ObjectNode schema() {
            ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "array");
            ArrayNode forms = schema.putObject("items").putArray("anyOf");
            forms.add(main.shape().schema());
            forms.add(JsonSchema.section(below));
            return schema;
        }

        @Override
        public String title() {
            return "list, each " + main.shape().title() + " or a section";
        }

        @Override
        public String step() {
            return "[]";
        }
    }

    /** A list of single values; the wrong ones are left out. */
    record ListOf<T>(Scalar<T> of, boolean distinct) implements Shape<List<Held<T>>> {
        @Override
        public @Nullable List<Held<T>> read(Reader reader, YamlNode node, String path) {
            if (!(node instanceof YamlNode.Items items)) {
                reader.problems().error(node.place(), path, "must be a list", "write [ … ]");
                return null;
            }
            List<Held<T>> values = new ArrayList<>();
            Set<T> seen = new HashSet<>();
            for (int i = 0; i < items.items().size(); i++) {
                YamlNode item = items.items().get(i);
                String child = KeyPath.item(path, i);
                T value = of.read(reader, item, child);
                if (value == null) {
                    continue;
                }
                if (distinct && !seen.add(value)) {
                    reader.problems().error(item.place(), child, "stands in the list twice", null);
                }
                values.add(new Held<>(value, item.place(), child));
            }
            return values;
        }

        @Override
        public ObjectNode schema() {
            ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "array");
            schema.set("items", of.schema());
            if (distinct) {
                schema.put("uniqueItems", true);
            }
            return schema;
        }

        @Override
        public String title() {
            return "list, each " + of.title();
        }
    }

    /** Texts under names of environment variables; each keeps what was put into it. */
    record Variables() implements Shape<Map<String, Substitution.Result>> {
        private static final Scalar<String> TEXT = Values.text(0, 128 << 10);

        @Override
        public @Nullable Map<String, Substitution.Result> read(Reader reader, YamlNode node, String path) {
            YamlNode.Entries entries = reader.entries(node, path);
            if (entries == null) {
                return null;
            }
            Map<String, Substitution.Result> variables = new LinkedHashMap<>();
            for (YamlNode.Entry entry : entries.entries()) {
                String child = KeyPath.child(path, entry.key());
                try {
                    Values.JOB_VARIABLE.parser().parse(entry.key());
                } catch (Refused e) {
                    reader.problems().error(entry.place(), child, e.text(), e.hint());
                    continue;
                }
                Substitution.Result value = reader.text(entry.value(), child, TEXT.title());
                if (value != null && TEXT.read(reader, entry.value(), child) != null) {
                    variables.put(entry.key(), value);
                }
            }
            return variables;
        }

        @Override
        public ObjectNode schema() {
            ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
            schema.putObject("propertyNames").put("pattern", "^" + Values.VARIABLE + "$");
            schema.putObject("additionalProperties").putArray("type").add("string").add("number").add("boolean");
            return schema;
        }

        @Override
        public String title() {
            return "map of texts";
        }
    }
}
