package dev.coxswain.executors.responses;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.coxswain.executors.ExecutionEvent;
import tools.jackson.databind.JsonNode;

import static dev.coxswain.executors.responses.ModelBench.document;
import static dev.coxswain.executors.responses.ModelBench.failure;
import static dev.coxswain.executors.responses.ModelBench.job;
import static dev.coxswain.executors.responses.ModelBench.log;
import static dev.coxswain.executors.responses.ScriptedModel.call;
import static dev.coxswain.executors.responses.ScriptedModel.json;
import static dev.coxswain.executors.responses.ScriptedModel.message;
import static org.assertj.core.api.Assertions.assertThat;

/** Servers that are compatible but for previous_response_id (contract xenonflare-workspace, trap 12). */
class ForgetfulServerTest {
    private static final String LIST = "{\"list\":{\"kind\":\"list\",\"id\":\"l\",\"items\":[\"one\"]}}";

    private final ModelBench bench = new ModelBench();
    private final ScriptedModel model = bench.model;

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void trap12_aRefusedReferenceIsReplacedByTheWholeExchangeAndNeverTriedAgain() {
        model.answers(message("Let me see."), call("1", "create_list", LIST))
                .then(json(400, "{\"error\":{\"code\":\"previous_response_not_found\"}}")).answers(message("Done."));
        ResponsesWorkload workload = bench.workload();

        List<ExecutionEvent> events = bench.run(workload, job("A list."));

        assertThat(document(events).path("lists").size()).isEqualTo(1);
        assertThat(log(events)).contains("keeps no answers");
        JsonNode whole = model.asked.get(2).json();
        assertThat(whole.has("previous_response_id")).isFalse();
        assertThat(shapes(whole)).containsExactly("user:A list.", "assistant:Let me see.", "function_call:1",
                "function_call_output:1");
        assertThat(whole.path("input").get(2).has("id")).isFalse();
        assertThat(whole.path("input").get(2).path("arguments").stringValue()).isEqualTo(LIST);

        model.answers(call("2", "create_list", LIST)).answers(message("Again."));
        bench.run(workload, job("Another list."));

        assertThat(model.asked).hasSize(5);
        assertThat(shapes(model.asked.get(4).json())).containsExactly("user:Another list.", "function_call:2",
                "function_call_output:2");
    }

    @Test
    void aServerThatSaysThatItIgnoredTheReferenceIsNotBelieved() {
        model.answers(call("1", "create_list", LIST)).then(json(200,
                "{\"id\":\"x\",\"previous_response_id\":null,\"status\":\"completed\",\"output\":[{\"type\":\"message\","
                        + "\"content\":[{\"type\":\"output_text\",\"text\":\"What list?\"}]}]}"))
                .answers(message("Done."));

        assertThat(document(bench.run(job("A list."))).path("assistantMessage").stringValue()).isEqualTo("Done.");
        assertThat(shapes(model.asked.get(2).json())).hasSize(3);
    }

    @Test
    void aServerThatStoresNothingIsNotReferredTo() {
        model.then(json(200, "{\"id\":\"x\",\"store\":false,\"output\":[{\"type\":\"function_call\",\"call_id\":\"1\","
                + "\"name\":\"create_list\",\"arguments\":{}}]}")).answers(message("Done."));

        bench.run(job("A list."));

        assertThat(model.asked.get(1).json().has("previous_response_id")).isFalse();
        assertThat(shapes(model.asked.get(1).json())).hasSize(3);
    }

    @Test
    void aRefusalThatTheWholeExchangeMeetsTooTeachesNothing() {
        model.answers(call("1", "create_list", LIST)).then(json(400, "{\"error\":{\"code\":\"first\"}}"),
                json(400, "{\"error\":{\"code\":\"context_length_exceeded\"}}"));
        ResponsesWorkload workload = bench.workload();

        assertThat(failure(bench.run(workload, job("A list.")))).contains("context_length_exceeded");

        model.answers(call("1", "create_list", LIST)).answers(message("Done."));
        bench.run(workload, job("A list."));
        assertThat(model.asked.getLast().json().has("previous_response_id")).isTrue();
    }

    private static List<String> shapes(JsonNode request) {
        List<String> shapes = new ArrayList<>();
        request.path("input").forEach(item -> shapes.add(item.has("role")
                ? item.path("role").stringValue() + ":" + item.path("content").stringValue()
                : item.path("type").stringValue() + ":" + item.path("call_id").stringValue()));
        return shapes;
    }
}
