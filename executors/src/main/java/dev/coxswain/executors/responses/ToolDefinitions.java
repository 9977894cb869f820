package dev.coxswain.executors.responses;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The tools as the model sees them (contract xenonflare-workspace 5 and 6). What they accept is the deliverables' rule. */
final class ToolDefinitions {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String LIMITS = " 1 to 32 labels, 1 to 8 series; each series has one value for each label.";

    private ToolDefinitions() {}

    /** The array {@code tools} of a request. */
    static String json(JsonMapper mapper) {
        ArrayNode tools = NODES.arrayNode();
        for (Tool tool : Tool.values()) {
            ObjectNode function = tools.addObject().put("type", "function").put("name", tool.wireName())
                    .put("description", description(tool));
            // strict schemas can't say "optional"; the deliverables' rules are checked here anyway
            function.put("strict", false).set("parameters", parameters(tool));
        }
        return mapper.writeValueAsString(tools);
    }

    private static String description(Tool tool) {
        return switch (tool) {
            case CREATE_FILE ->
                "Attaches a text file. The name ends in .md or .txt and may have up to 4 folders; letters, "
                        + "digits, '.', '_' and '-' only. At most 48,000 characters, 24 files.";
            case CREATE_PIE_CHART -> "Attaches a pie chart of 1 to 24 segments. At most 12 charts of all kinds.";
            case CREATE_BAR_CHART -> "Attaches a bar chart." + LIMITS;
            case CREATE_STACKED_BAR_CHART -> "Attaches a stacked bar chart; no value is below 0." + LIMITS;
            case CREATE_LINE_CHART -> "Attaches a line chart." + LIMITS;
            case CREATE_AREA_CHART -> "Attaches an area chart." + LIMITS;
            case CREATE_SCATTER_CHART -> "Attaches a scatter chart of 1 to 6 series with 1 to 48 points each.";
            case CREATE_TABLE ->
                "Attaches a table of 1 to 12 columns and up to 80 rows; every cell is a text. At most 8.";
            case CREATE_LIST -> "Attaches a list of 1 to 48 items. At most 12.";
            case CREATE_CHECKLIST -> "Attaches a checklist of 1 to 64 items with ids of their own. At most 8.";
            case CREATE_SVG -> "Attaches an SVG picture without scripts, event attributes and embedded pages; at most "
                    + "64,000 characters. At most 8.";
        };
    }

    private static ObjectNode parameters(Tool tool) {
        return switch (tool) {
            case CREATE_FILE -> object(NODES.objectNode()
                    .set("name", text("file name, such as notes/plan.md")).set("content", text("the text")),
                    "name", "content");
            case CREATE_PIE_CHART -> object(chart().set("segments", array(object(NODES.objectNode()
                    .set("label", text("")).set("value", type("number")), "label", "value"))), "id",
                    "segments");
            case CREATE_BAR_CHART, CREATE_STACKED_BAR_CHART -> object(series()
                    .set("orientation", words("vertical", "horizontal")), "id", "labels", "series");
            case CREATE_LINE_CHART, CREATE_AREA_CHART -> object(series(), "id", "labels", "series");
            case CREATE_SCATTER_CHART -> object(chart().set("series", array(object(NODES.objectNode()
                    .set("name", text(""))
                    .set("points", array(object(NODES.objectNode().set("x", type("number"))
                            .set("y", type("number")).set("label", text("")), "x", "y"))),
                    "name", "points"))), "id", "series");
            case CREATE_TABLE -> wrapped("table", object(kind("table")
                    .set("columns", array(text("heading"))).set("rows", array(array(text("cell")))), "kind",
                    "id", "columns", "rows"));
            case CREATE_LIST -> wrapped("list", object(kind("list").set("ordered", type("boolean"))
                    .set("items", array(text(""))), "kind", "id", "items"));
            case CREATE_CHECKLIST -> wrapped("checklist", object(kind("checklist").set("items",
                    array(object(NODES.objectNode().set("id", text("letters, digits, '_' and '-'"))
                            .set("label", text("")).set("checked", type("boolean")), "id", "label"))),
                    "kind", "id", "items"));
            case CREATE_SVG -> wrapped("svg", object(NODES.objectNode()
                    .set("id", text("letters, digits, '_' and '-'"))
                    .set("title", text("")).set("content", text("the whole <svg> element")), "id",
                    "content"));
        };
    }

    private static ObjectNode chart() {
        return NODES.objectNode().set("id", text("what placeholders cite it by")).set("title", text(""));
    }

    private static ObjectNode series() {
        return chart().set("labels", array(text(""))).set("series", array(object(NODES.objectNode()
                .set("name", text("")).set("values", array(type("number"))), "name", "values")));
    }

    private static ObjectNode kind(String word) {
        return NODES.objectNode().set("kind", words(word))
                .set("id", text("letters, digits, '_' and '-'")).set("title", text(""));
    }

    private static ObjectNode wrapped(String name, ObjectNode inner) {
        return object(NODES.objectNode().set(name, inner), name);
    }

    private static ObjectNode object(JsonNode properties, String... required) {
        ObjectNode schema = type("object").set("properties", properties);
        ArrayNode names = schema.putArray("required");
        for (String name : required) {
            names.add(name);
        }
        return schema.put("additionalProperties", false);
    }

    private static ObjectNode array(ObjectNode of) {
        return type("array").set("items", of);
    }

    private static ObjectNode text(String meaning) {
        ObjectNode schema = type("string");
        return meaning.isEmpty() ? schema : schema.put("description", meaning);
    }

    private static ObjectNode words(String... words) {
        ObjectNode schema = type("string");
        ArrayNode allowed = schema.putArray("enum");
        for (String word : words) {
            allowed.add(word);
        }
        return schema;
    }

    private static ObjectNode type(String name) {
        return NODES.objectNode().put("type", name);
    }
}
