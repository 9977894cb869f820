package dev.coxswain.supervisor.grafana;

import java.util.List;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;

/**
 * One dashboard.
 *
 * @param file its name
 * @param json all of it
 */
record Dashboard(String file, JsonNode json) {
    /** Whatever shows something: rows don't. */
    List<JsonNode> panels() {
        return json.path("panels").values().stream().filter(panel -> !panel.path("type").asString().equals("row"))
                .toList();
    }

    List<JsonNode> variables() {
        return json.path("templating").path("list").values().stream().toList();
    }

    /** The queries of all panels. */
    List<Query> queries() {
        return panels().stream().flatMap(panel -> panel.path("targets").values().stream()
                .map(target -> new Query(file + ", " + panel.path("title").asString() + ", "
                        + target.path("refId").asString(), target.path("expr").asString())))
                .toList();
    }

    /** The queries of the marks that are drawn into all panels. */
    List<Query> annotations() {
        return json.path("annotations").path("list").values().stream()
                .map(each -> new Query(file + ", " + each.path("name").asString(),
                        each.path("target").path("expr").asString()))
                .toList();
    }

    /** What the variables are filled from; only those that ask Prometheus. */
    List<LabelValues> labelValues() {
        return variables().stream().filter(variable -> variable.path("type").asString().equals("query"))
                .map(variable -> LabelValues.of(file + ", $" + variable.path("name").asString(),
                        variable.path("query").path("query").asString()))
                .toList();
    }

    /** What tells people something: descriptions and texts. */
    Stream<String> words() {
        return Stream.concat(Stream.of(json.path("description").asString()),
                panels().stream().map(panel -> panel.path("description").asString()));
    }

    /** Names the cases of parameterized tests. */
    @Override
    public String toString() {
        return file;
    }

    /**
     * As a dashboard says it, with variables.
     *
     * @param where file, panel and letter, for people
     */
    record Query(String where, String expression) {
        /** With every variable at "all", and times in which a test can see something. */
        String filled() {
            return fill(expression);
        }
    }

    /**
     * {@code label_values(selector, label)}.
     *
     * @param where file and variable, for people
     */
    record LabelValues(String where, String selector, String label) {
        static LabelValues of(String where, String query) {
            if (!query.startsWith("label_values(") || !query.endsWith(")")) {
                throw new IllegalArgumentException(where + " is no label_values: " + query);
            }
            int comma = query.lastIndexOf(',');
            return new LabelValues(where, query.substring("label_values(".length(), comma).strip(),
                    query.substring(comma + 1, query.length() - 1).strip());
        }

        String filledSelector() {
            return fill(selector);
        }
    }

    private static String fill(String text) {
        return text.replace("$__rate_interval", "30s").replace("$__range", "1m").replace("$__interval", "5s")
                .replaceAll("\\$[a-z_]+", ".*");
    }
}
