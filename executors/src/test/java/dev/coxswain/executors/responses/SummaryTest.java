package dev.coxswain.executors.responses;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.coxswain.executors.ExecutionEvent;
import tools.jackson.databind.JsonNode;

import static dev.coxswain.executors.responses.ModelBench.document;
import static dev.coxswain.executors.responses.ModelBench.log;
import static dev.coxswain.executors.responses.ModelBench.longJob;
import static dev.coxswain.executors.responses.ScriptedModel.message;
import static dev.coxswain.executors.responses.ScriptedModel.status;
import static org.assertj.core.api.Assertions.assertThat;

class SummaryTest {
    private final ModelBench bench = new ModelBench();
    private final ScriptedModel model = bench.model;

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void theSummaryIsToldAndTakesThePlaceOfTheEarlierContext() {
        model.answers(message(" Short. ")).answers(message("Answer."));

        List<ExecutionEvent> events = bench.run(longJob("before ", "x".repeat(360_001) + "!", " after"));

        assertThat(document(events).path("assistantMessage").stringValue()).isEqualTo("Answer.");
        assertThat(summary(events)).isEqualTo("Short.");
        JsonNode asked = model.asked.get(0).json();
        assertThat(asked.path("model").stringValue()).isEqualTo("model-s");
        assertThat(asked.path("max_output_tokens").intValue()).isEqualTo(4096);
        assertThat(asked.path("input").stringValue()).hasSize(360_000).endsWith("x!");
        assertThat(asked.has("tools")).isFalse();
        assertThat(model.asked.get(1).json().path("input").stringValue()).isEqualTo("before Short. after");
        assertThat(model.asked.get(1).json().has("previous_response_id")).isFalse();
    }

    @Test
    void aLongSummaryIsCutAndSaysSo() {
        model.answers(message("s".repeat(39_801))).answers(message("Answer."));

        String summary = summary(bench.run(longJob("", "earlier", "")));

        assertThat(summary).startsWith("s".repeat(39_800) + " […").contains("cut here");
    }

    @Test
    void theEndOfATextNeverBeginsInTheMiddleOfACharacter() {
        assertThat(Texts.last("\ud83d\ude00ab", 3)).isEqualTo("ab");
        assertThat(Texts.last("\ud83d\ude00ab", 4)).isEqualTo("\ud83d\ude00ab");
    }

    @Test
    void aFailedSummaryCallFallsBackToTheEndOfTheText() {
        model.then(status(400, Map.of())).answers(message("Answer."));

        List<ExecutionEvent> events = bench.run(longJob("", "y".repeat(50_000) + "!", ""));

        assertThat(summary(events)).hasSize(39_800).endsWith("y!");
        assertThat(document(events).path("assistantMessage").stringValue()).isEqualTo("Answer.");
        assertThat(log(events)).contains("the model made none");
    }

    @Test
    void anEmptySummaryFallsBackToo() {
        model.answers(message("  ")).answers(message("Answer."));

        assertThat(summary(bench.run(longJob("", "earlier", "")))).isEqualTo("earlier");
    }

    private static String summary(List<ExecutionEvent> events) {
        List<String> summaries = events.stream().filter(ExecutionEvent.Summarised.class::isInstance)
                .map(event -> ((ExecutionEvent.Summarised) event).text()).toList();
        assertThat(summaries).hasSize(1);
        return summaries.getFirst();
    }
}
