package dev.coxswain.executors.deliverable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class AnswerTest {
    @Test
    void theBodyAlwaysHasAllArrays() throws Exception {
        assertThat(Answer.of("\u00a0 hello\ufeff", Deliverables.none()).toBody().toString()).isEqualTo(
                "{\"assistantMessage\":\"hello\",\"files\":[],\"charts\":[],\"datasets\":[],\"svgs\":[],\"lists\":[],\"checklists\":[]}");
    }

    @Test
    void anAnswerIsReadAsItsBodyIsWritten() throws Exception {
        StringBuilder arrays = new StringBuilder();
        for (Kind kind : Kind.values()) {
            arrays.append(",'").append(kind.wireName()).append("':[").append(Samples.right(kind)).append(']');
        }
        String document = "{'assistantMessage':'see {{artifact:table:t}}'" + arrays + "}";

        Answer answer = Answer.read(Samples.MAPPER, document.replace('\'', '"'));

        assertThat(answer.deliverables().size()).isEqualTo(6);
        assertThat(answer.assistantMessage()).isEqualTo("see {{artifact:table:t}}");
        assertThat(Answer.read(Samples.MAPPER, answer.toBody().toString()).toBody()).isEqualTo(answer.toBody());
        assertThat(answer.toString()).doesNotContain("see");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {"|the result must be a JSON object",
            "[]|the result must be a JSON object", "{'a|the result is no valid JSON",
            "{}{}|the result is no valid JSON", "{}|assistantMessage is empty, and there is no deliverable",
            "{'assistantMessage':5}|assistantMessage must be a text, but is a number",
            "{'assistantMessage':'x','charts':{}}|charts must be an array of charts, but is an object",
            "{'assistantMessage':'x','lists':[1]}|lists[0] must be an object, but is a number",
            "{'assistantMessage':'x','svgs':[{'id':'s','content':'x'}]}|svgs[0].content has no \"<svg\" in it (small letters)",
            "{'assistantMessage':'x','svgs':[{'id':'s','content':'<svg'},{'id':'S','content':'<svg'}]}|svgs[1]: there is a svg \"S\" already (case does not count); choose another id",
            "{'assistantMessage':'{{artifact:svg:a}} {{ARTIFACT: svg :A}} {{artifact:file:b.md}}'}|deliverable_placeholder_mismatch: svg:a, file:b.md"})
    void whatIsWrongIsToldWithItsPlace(String document, String message) {
        String text = document == null ? "" : document.replace('\'', '"');

        assertThatThrownBy(() -> Answer.read(Samples.MAPPER, text)).isInstanceOf(InvalidDeliverableException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tables", "chart", "message", "Files"})
    void aKeyThatTheReportHasNotIsRefusedNotLost(String key) {
        assertThatThrownBy(() -> Answer.read(Samples.MAPPER, "{\"assistantMessage\":\"x\",\"" + key + "\":[]}"))
                .hasMessageContaining('"' + key + '"').hasMessageContaining("datasets (the tables)");
    }

    @Test
    void aMessageOverItsLimitIsRefusedNotCut() throws Exception {
        assertThat(Answer.of(" " + "x".repeat(24_000) + " ", Deliverables.none()).assistantMessage()).hasSize(24_000);
        assertThatThrownBy(() -> Answer.of("x".repeat(24_001), Deliverables.none()))
                .hasMessage("assistantMessage has 24001 characters; allowed are 24000");
    }

    @Test
    void aDeliverableAloneIsAnAnswer() throws Exception {
        Deliverables one = Samples.all(Samples.read(Kind.FILE, Samples.right(Kind.FILE)));

        assertThat(Answer.of(" ", one).toBody().path("files").size()).isEqualTo(1);
    }

    @Test
    void aMessageOfNoUseInJsonErrorsIsNeverQuoted() {
        InvalidDeliverableException e = catchThrowableOfType(InvalidDeliverableException.class,
                () -> Answer.read(Samples.MAPPER, "{\"assistantMessage\": hush"));
        assertThat(e).hasMessageNotContaining("hush");
    }
}
