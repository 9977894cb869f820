package dev.coxswain.executors.responses;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.deliverable.Deliverable;
import dev.coxswain.executors.deliverable.DeliverableReader;
import dev.coxswain.executors.deliverable.InvalidDeliverableException;
import dev.coxswain.executors.deliverable.Kind;
import tools.jackson.databind.JsonNode;

/** What the model may call (contract xenonflare-workspace 5): each tool makes one deliverable. */
enum Tool {
    CREATE_FILE(Kind.FILE, "", ""), CREATE_PIE_CHART(Kind.CHART, "", "pie"), CREATE_BAR_CHART(Kind.CHART, "",
            "bar"), CREATE_STACKED_BAR_CHART(Kind.CHART, "", "stacked_bar"), CREATE_LINE_CHART(Kind.CHART, "",
                    "line"), CREATE_AREA_CHART(Kind.CHART, "", "area"), CREATE_SCATTER_CHART(Kind.CHART, "",
                            "scatter"), CREATE_TABLE(Kind.TABLE, "table", ""), CREATE_LIST(Kind.LIST, "list",
                                    ""), CREATE_CHECKLIST(Kind.CHECKLIST, "checklist",
                                            ""), CREATE_SVG(Kind.SVG, "svg", "");

    private static final Map<String, Tool> BY_NAME = Stream.of(values())
            .collect(Collectors.toUnmodifiableMap(Tool::wireName, tool -> tool));

    private final Kind kind;
    private final String wrapper;
    private final String chartKind;

    /**
     * @param wrapper the argument that holds the deliverable; empty when the arguments are the deliverable
     * @param chartKind what the tool's name says about a chart
     */
    Tool(Kind kind, String wrapper, String chartKind) {
        this.kind = kind;
        this.wrapper = wrapper;
        this.chartKind = chartKind;
    }

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The tool of this name, or null. */
    static @Nullable Tool named(String name) {
        return BY_NAME.get(name);
    }

    /** The names of all tools, for a message. */
    static String names() {
        return Stream.of(values()).map(Tool::wireName).collect(Collectors.joining(", "));
    }

    /** Makes the deliverable out of a call's arguments, checked. */
    Deliverable make(JsonNode arguments) throws InvalidDeliverableException {
        if (!chartKind.isEmpty()) {
            return DeliverableReader.readChart(chartKind, "", arguments);
        }
        return wrapper.isEmpty()
                ? DeliverableReader.read(kind, "", arguments)
                : DeliverableReader.read(kind, wrapper, arguments.path(wrapper));
    }
}
