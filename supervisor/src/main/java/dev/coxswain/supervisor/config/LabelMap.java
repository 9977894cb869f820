package dev.coxswain.supervisor.config;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Values of labels under their keys, as Kubernetes has them; the wrong ones are left out. */
record LabelMap() implements Shape<Map<String, String>> {
    private static final int MOST = 64;

    @Override
    public @Nullable Map<String, String> read(Reader reader, YamlNode node, String path) {
        YamlNode.Entries entries = reader.entries(node, path);
        if (entries == null) {
            return null;
        }
        if (entries.entries().size() > MOST) {
            reader.problems().error(node.place(), path, "has more than " + MOST + " labels", null);
            return null;
        }
        Map<String, String> labels = new LinkedHashMap<>();
        for (YamlNode.Entry entry : entries.entries()) {
            try {
                PlacementKeys.LABEL_KEY.parser().parse(entry.key());
            } catch (Refused e) {
                reader.problems().error(entry.place(), KeyPath.child(path, "…"), e.text(), e.hint());
                continue;
            }
            String value = PlacementKeys.LABEL_VALUE.read(reader, entry.value(), KeyPath.child(path, entry.key()));
            if (value != null) {
                labels.put(entry.key(), value);
            }
        }
        return labels;
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object").put("maxProperties", MOST);
        schema.set("propertyNames", PlacementKeys.LABEL_KEY.schema());
        schema.putObject("additionalProperties").putArray("type").add("string").add("number").add("boolean");
        return schema;
    }

    @Override
    public String title() {
        return "map of labels";
    }
}
