package dev.coxswain.supervisor.config;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The JSON Schema of {@code fleet.yaml}, for editors; made from the declared keys. */
public final class JsonSchema {
    private JsonSchema() {}

    /** The schema (draft 2020-12) as indented JSON that ends with a line end. */
    public static String generate() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode()
                .put("$schema", "https://json-schema.org/draft/2020-12/schema").put("title", "Coxswain: fleet.yaml");
        schema.setAll(section(FleetKeys.Root.ALL));
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines);
        return JsonMapper.builder().build().writer().with(printer).writeValueAsString(schema) + "\n";
    }

    static ObjectNode section(ConfigKeys keys) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object").put("additionalProperties",
                false);
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = JsonNodeFactory.instance.arrayNode();
        for (ConfigKey<?> key : keys.keys()) {
            ObjectNode property = key.shape().schema();
            property.put("description", description(key));
            properties.set(key.name(), property);
            if (key.required()) {
                required.add(key.name());
            }
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        return schema;
    }

    private static String description(ConfigKey<?> key) {
        @Nullable
        String preset = key.preset().isEmpty() ? null : key.preset().replace("`", "");
        String meaning = key.meaning().replace("`", "");
        return preset == null ? meaning : meaning + " (default: " + preset + ")";
    }
}
