package dev.coxswain.executors.responses;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Job;
import tools.jackson.databind.JsonNode;

import static dev.coxswain.executors.responses.ModelBench.document;
import static dev.coxswain.executors.responses.ModelBench.failure;
import static dev.coxswain.executors.responses.ModelBench.job;
import static dev.coxswain.executors.responses.ModelBench.log;
import static dev.coxswain.executors.responses.ScriptedModel.call;
import static dev.coxswain.executors.responses.ScriptedModel.json;
import static dev.coxswain.executors.responses.ScriptedModel.message;
import static org.assertj.core.api.Assertions.assertThat;

class ToolLoopTest {
    private static final String LIST = "{\"list\":{\"kind\":\"list\",\"id\":\"%s\",\"items\":[\"one\"]}}";

    private final ModelBench bench = new ModelBench();
    private final ScriptedModel model = bench.model;

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void anAnswerWithoutToolsIsTheMessage() {
        model.answers(message("  Hello.\u00a0\n"));

        List<ExecutionEvent> events = bench.run(job("Say hello."));

        assertThat(document(events).path("assistantMessage").stringValue()).isEqualTo("Hello.");
        for (String array : List.of("files", "charts", "datasets", "svgs", "lists", "checklists")) {
            assertThat(document(events).path(array).isEmpty()).as(array).isTrue();
        }
        JsonNode asked = model.asked.getFirst().json();
        assertThat(model.asked.getFirst().uri()).isEqualTo("/v1/responses");
        assertThat(model.asked.getFirst().authorization()).isEqualTo("Bearer " + ModelBench.KEY);
        assertThat(asked.path("model").stringValue()).isEqualTo("model-a");
        assertThat(asked.path("input").stringValue()).isEqualTo("Say hello.");
        assertThat(asked.path("tool_choice").stringValue()).isEqualTo("auto");
        assertThat(asked.path("parallel_tool_calls").booleanValue()).isTrue();
        assertThat(asked.path("stream").booleanValue()).isFalse();
        assertThat(asked.has("previous_response_id")).isFalse();
        assertThat(asked.path("instructions").isString()).isTrue();
        assertThat(bench.meters.cost).isEqualTo((60 + 40 * 0.5 + 20 * 10) / 1e6);
    }

    @Test
    void everyToolMakesItsDeliverableInOneRoundOfParallelCalls() {
        String series = "\"labels\":[\"A\",\"B\"],\"series\":[{\"name\":\"s\",\"values\":[1,2.5]}]}";
        model.answers(call("1", "create_file", "{\"name\":\"my doc.md\",\"content\":\"text\"}"),
                call("2", "create_pie_chart", "{\"id\":\"pie\",\"segments\":[{\"label\":\"A\",\"value\":1}]}"),
                call("3", "create_bar_chart", "{\"id\":\"bar\",\"orientation\":\"horizontal\"," + series),
                call("4", "create_stacked_bar_chart", "{\"id\":\"stacked\"," + series),
                call("5", "create_line_chart", "{\"id\":\"line\"," + series),
                call("6", "create_area_chart", "{\"id\":\"area\"," + series),
                call("7", "create_scatter_chart",
                        "{\"id\":\"scatter\",\"series\":[{\"name\":\"s\",\"points\":[{\"x\":1,\"y\":2}]}]}"),
                call("8", "create_table",
                        "{\"table\":{\"kind\":\"table\",\"id\":\"t\",\"columns\":[\"A\"],\"rows\":[[\"1\"]]}}"),
                call("9", "create_list", LIST.formatted("l")),
                call("10", "create_checklist",
                        "{\"checklist\":{\"kind\":\"checklist\",\"id\":\"c\",\"items\":[{\"id\":\"i\",\"label\":\"do\"}]}}"),
                call("11", "create_svg", "{\"svg\":{\"id\":\"s\",\"content\":\"<svg></svg>\"}}"))
                .answers(message("See {{artifact:file:my doc.md}} and {{artifact:chart:pie}}."));

        List<ExecutionEvent> events = bench.run(job("All of it."));

        JsonNode body = document(events);
        assertThat(body.path("assistantMessage").stringValue())
                .isEqualTo("See {{artifact:file:my_doc.md}} and {{artifact:chart:pie}}.");
        assertThat(body.path("charts").size()).isEqualTo(6);
        for (String array : List.of("files", "datasets", "svgs", "lists", "checklists")) {
            assertThat(body.path(array).size()).as(array).isEqualTo(1);
        }
        JsonNode second = model.asked.get(1).json();
        assertThat(second.path("previous_response_id").stringValue()).isEqualTo("resp_1");
        assertThat(second.path("input").size()).isEqualTo(11);
        for (JsonNode output : second.path("input")) {
            assertThat(output.path("type").stringValue()).isEqualTo("function_call_output");
            assertThat(output.path("output").stringValue()).startsWith("{\"ok\":true,\"detail\":\"attached");
        }
        Set<String> offered = new HashSet<>();
        second.path("tools").forEach(tool -> offered.add(tool.path("name").stringValue()));
        assertThat(offered).hasSize(11).contains("create_file", "create_svg", "create_stacked_bar_chart");
    }

    @Test
    void mistakesInCallsAreToldToTheModelAndEndNothing() {
        model.answers(call("1", "create_list", "{\"list\": oops"), call("2", "rm_rf", "{}"),
                call("3", "create_list", "[]"),
                call("4", "create_list", "{\"list\":{\"kind\":\"list\",\"id\":\"a b\",\"items\":[\"x\"]}}"),
                call("5", "create_list", LIST.formatted("a")), call("6", "create_list", LIST.formatted("A")))
                .answers(message("Done."));

        List<ExecutionEvent> events = bench.run(job("A list."));

        assertThat(document(events).path("lists").size()).isEqualTo(1);
        List<String> told = new ArrayList<>();
        model.asked.get(1).json().path("input").forEach(output -> told.add(output.path("output").stringValue()));
        assertThat(told.get(0)).contains("\"ok\":false").contains("not a JSON object");
        assertThat(told.get(1)).contains("\"ok\":false").contains("no such tool").contains("create_checklist");
        assertThat(told.get(2)).contains("\"ok\":false");
        assertThat(told.get(3)).contains("\"ok\":false").contains("list.id");
        assertThat(told.get(4)).contains("\"ok\":true");
        assertThat(told.get(5)).contains("\"ok\":false").contains("already");
        assertThat(log(events)).contains("unknown tool (2 characters): refused").doesNotContain("rm_rf");
    }

    @Test
    void aPlaceholderWithoutDeliverableIsRepaired() {
        model.answers(message("Look: {{artifact:list:todo}}")).answers(call("1", "create_list", LIST.formatted("todo")))
                .answers();

        List<ExecutionEvent> events = bench.run(job("A list."));

        assertThat(document(events).path("assistantMessage").stringValue()).isEqualTo("Look: {{artifact:list:todo}}");
        JsonNode repair = model.asked.get(1).json();
        assertThat(repair.path("input").stringValue()).contains("{{artifact:list:todo}}");
        assertThat(repair.path("previous_response_id").stringValue()).isEqualTo("resp_1");
    }

    @Test
    void fourRepairsAreTriedThenTheJobFailsWithWhatIsMissing() {
        for (int i = 0; i < 5; i++) {
            model.answers(message("{{artifact:chart:sales}} {{ Artifact : FILE : a.md }}"));
        }

        List<ExecutionEvent> events = bench.run(job("A chart."));

        assertThat(failure(events)).isEqualTo("deliverable_placeholder_mismatch: chart:sales, file:a.md");
        assertThat(model.asked).hasSize(5);
    }

    @Test
    void aModelThatNeverAnswersIsStoppedAfter24Rounds() {
        for (int i = 0; i < 30; i++) {
            model.answers(call("c" + i, "create_list", "{}"));
        }

        assertThat(failure(bench.run(job("Loop.")))).contains("24 times");
        assertThat(model.asked).hasSize(24);
    }

    @Test
    void anEmptyAnswerFailsUnlessThereIsADeliverable() {
        model.answers(message("  \n"));
        assertThat(failure(bench.run(job("Nothing.")))).contains("empty");

        model.answers(call("1", "create_list", LIST.formatted("l"))).answers();
        assertThat(document(bench.run(job("A list."))).path("lists").size()).isEqualTo(1);
    }

    @Test
    void anAnswerOfMoreThan24000CharactersFailsAndIsNotCut() {
        model.answers(message("x".repeat(24_000) + "  "));
        assertThat(document(bench.run(job("Much."))).path("assistantMessage").stringValue()).hasSize(24_000);

        model.answers(message("x".repeat(24_001)));
        assertThat(failure(bench.run(job("Too much.")))).contains("24001").contains("24000");
    }

    @Test
    void aStatusOtherThanCompletedFailsWithTheStatus() {
        model.then(json(200, "{\"id\":\"r\",\"status\":\"incomplete\",\"output\":[],"
                + "\"incomplete_details\":{\"reason\":\"max_output_tokens\"}}"));
        assertThat(failure(bench.run(job("Much.")))).contains("incomplete").contains("max_output_tokens");

        model.then(json(200, "{\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\","
                + "\"text\":\"no status\"}]}]}"));
        assertThat(document(bench.run(job("Old server."))).path("assistantMessage").stringValue())
                .isEqualTo("no status");
    }

    @Test
    void aRefusalIsToldAsOne() {
        model.then(json(200, "{\"status\":\"completed\",\"output\":[{\"type\":\"message\",\"content\":"
                + "[{\"type\":\"refusal\",\"refusal\":\"I can't.\"}]}]}"));

        assertThat(failure(bench.run(job("Harm.")))).contains("declined");
    }

    @Test
    void aJobWithoutAConversationFails() {
        assertThat(failure(bench.run(new Job("key", "id", "{}")))).contains("no conversation");
        assertThat(model.asked).isEmpty();
    }

    @Test
    void theLogHoldsSizesAndNothingOfTheConversation() {
        model.answers(call("1", "create_list",
                "{\"list\":{\"kind\":\"list\",\"id\":\"SECRETID\",\"items\":[\"SECRETITEM\"]}}"))
                .answers(message("SECRETANSWER"));

        String log = log(bench.run(job("SECRETPROMPT")));

        assertThat(log).contains("round 1: 1 tool calls").contains("create_list").contains("100 tokens in")
                .contains("answer: 12 characters, list 1").doesNotContain("SECRET").doesNotContain(ModelBench.KEY);
    }
}
