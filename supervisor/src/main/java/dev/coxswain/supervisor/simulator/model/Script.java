package dev.coxswain.supervisor.simulator.model;

import java.util.ArrayList;
import java.util.List;

/** What the model does next: a function of its temper and of what was said, so each run of a prompt is the same. */
final class Script {
    private static final String LIST = "{\"list\":{\"kind\":\"list\",\"id\":\"next-steps\",\"title\":\"Next steps\","
            + "\"items\":[\"Read\",\"Decide\",\"Act\"]}}";
    private static final String SERIES = "\"labels\":[\"Q1\",\"Q2\"],\"series\":[{\"name\":\"Sales\",\"values\":[3,4.5]}]}";
    private static final String CITED = "Here is what follows.\n\n{{artifact:list:next-steps}}\n";

    /** A call of a tool. */
    record ToolCall(String name, String arguments) {}

    /** An answer: text, calls, or both. */
    record Turn(String text, List<ToolCall> calls) {
        static Turn says(String text) {
            return new Turn(text, List.of());
        }

        static Turn calls(ToolCall... calls) {
            return new Turn("", List.of(calls));
        }
    }

    private Script() {}

    static Turn next(Temper temper, Talk talk) {
        ToolCall list = new ToolCall("create_list", LIST);
        return switch (temper) {
            case PLAIN -> Turn.says("A plain answer to " + talk.prompt().length() + " characters.");
            case ONE_TOOL, SLOW, RATE_LIMITED, OVERLOADED, INCOMPLETE, CUT_BODY, HALF_JSON ->
                talk.calls() == 0 ? Turn.calls(list) : Turn.says(CITED);
            case PARALLEL -> talk.calls() == 0
                    ? new Turn("I attach one of each.", all())
                    : Turn.says(CITED + "{{artifact:chart:pie}} {{artifact:file:my notes.md}} {{artifact:table:t}}");
            case BAD_ARGUMENTS -> afterOne(talk, new ToolCall("create_list", "{\"list\": {"), list);
            case UNKNOWN_TOOL -> afterOne(talk, new ToolCall("search_the_web", "{\"query\":\"?\"}"), list);
            case PLACEHOLDER -> talk.asks() > 1 && talk.calls() == 0 ? Turn.calls(list) : Turn.says(CITED);
            case HOPELESS -> Turn.says(CITED);
        };
    }

    private static Turn afterOne(Talk talk, ToolCall wrong, ToolCall right) {
        return switch (talk.calls()) {
            case 0 -> Turn.calls(wrong);
            case 1 -> Turn.calls(right);
            default -> Turn.says(CITED);
        };
    }

    private static List<ToolCall> all() {
        List<ToolCall> calls = new ArrayList<>();
        calls.add(new ToolCall("create_file", "{\"name\":\"my notes.md\",\"content\":\"# Notes\\n\"}"));
        calls.add(new ToolCall("create_pie_chart",
                "{\"id\":\"pie\",\"segments\":[{\"label\":\"A\",\"value\":1},{\"label\":\"B\",\"value\":2}]}"));
        for (String kind : List.of("bar", "stacked_bar", "line", "area")) {
            calls.add(new ToolCall("create_" + kind + "_chart", "{\"id\":\"" + kind + "\"," + SERIES));
        }
        calls.add(new ToolCall("create_scatter_chart",
                "{\"id\":\"scatter\",\"series\":[{\"name\":\"s\",\"points\":[{\"x\":1,\"y\":2}]}]}"));
        calls.add(new ToolCall("create_table",
                "{\"table\":{\"kind\":\"table\",\"id\":\"t\",\"columns\":[\"A\",\"B\"],\"rows\":[[\"1\",\"2\"]]}}"));
        calls.add(new ToolCall("create_list", LIST));
        calls.add(new ToolCall("create_checklist",
                "{\"checklist\":{\"kind\":\"checklist\",\"id\":\"c\",\"items\":[{\"id\":\"i\",\"label\":\"Check\"}]}}"));
        calls.add(new ToolCall("create_svg",
                "{\"svg\":{\"id\":\"s\",\"content\":\"<svg xmlns='http://www.w3.org/2000/svg'/>\"}}"));
        return calls;
    }
}
