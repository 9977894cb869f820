package dev.coxswain.executors.actions;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The claim as a job (contract shithub-actions 4). */
class JobDocumentTest {
    private static JobDocument read(String json) {
        return JobDocument.read(ActionsHost.MAPPER, json);
    }

    private static JobDocument with(String more) {
        return read("{\"steps\":[]" + (more.isEmpty() ? "" : "," + more) + "}");
    }

    @Test
    void theClaimOrTheJobInItIsRead() {
        String job = "{\"head_sha\":\"abc\",\"run_id\":3000000000,\"x\":{},\"steps\":[{\"id\":9007199254740993,\"run\":\"ls\"}]}";

        for (String document : List.of(job, "{\"token\":\"t\",\"job\":" + job + "}")) {
            JobDocument read = read(document);
            assertThat(read.fact("head_sha")).isEqualTo("abc");
            assertThat(read.fact("run_id")).isEqualTo("3000000000");
            assertThat(List.of(read.fact("x"), read.fact("nothing"))).containsOnly("");
            assertThat(read.steps()).extracting(JobStep::id).containsExactly("9007199254740993");
        }
    }

    @Test
    void trap20WhatIsNullOrMissingIsEmptyAndAnEmptyMaskIsNone() {
        for (JobDocument job : List.of(with(""),
                with("\"secrets\":null,\"variables\":null,\"mask_values\":null,\"needs\":null,"
                        + "\"env\":null,\"if\":null,\"event_payload\":null"))) {
            assertThat(List.of(job.secrets(), job.variables(), job.env())).containsOnly(Map.of());
            assertThat(List.of(job.masks(), job.needs())).containsOnly(List.of());
            assertThat(job.condition()).isEmpty();
        }
        assertThat(with("\"mask_values\":[\"\",\"a\",\"long-one\"]").masks()).containsExactly("a", "long-one");
    }

    @Test
    void trap19StepsAreTakenByIndexAndNamedByTheirNumericId() {
        JobDocument job = read(
                "{\"steps\":[{\"id\":5,\"index\":2,\"step_id\":\"b\"},{\"id\":70,\"index\":0},{\"id\":6,\"index\":1}]}");

        assertThat(job.steps()).extracting(JobStep::id).containsExactly("70", "6", "5");
        assertThat(job.steps().getLast().key()).isEqualTo("b");
    }

    @ParameterizedTest
    @CsvSource({"'', 360", "'\"timeout_minutes\":5', 5", "'\"timeout_minutes\":4320', 4320",
            "'\"timeout_minutes\":\"x\"', 360", "'\"timeout_minutes\":null', 360"})
    void aJobHasSixHoursUnlessItIsToldOtherwise(String more, long minutes) {
        assertThat(with(more).timeout()).isEqualTo(Duration.ofMinutes(minutes));
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "-2147483648"})
    void noTimeOrLessIsNoLimit(String minutes) {
        assertThat(with("\"timeout_minutes\":" + minutes).timeout()).isNull();
    }

    @Test
    void scalarsAreTextsAndNothingElseIs() {
        JobDocument job = with("\"env\":{\"A\":1.5,\"B\":true,\"C\":\"c\",\"D\":null,\"E\":[1],\"F\":{}}");

        assertThat(job.env()).isEqualTo(Map.of("A", "1.5", "B", "true", "C", "c", "D", "", "E", "", "F", ""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{ | is no valid JSON", "[] | has no steps", "{\"steps\":{}} | has no steps",
            "{\"steps\":[{}]} | a step of the control plane's job has no id",
            "{\"steps\":[{\"id\":\"1\"}]} | has no id", "{\"steps\":[{\"id\":1.5}]} | has no id",
            "{\"steps\":[{\"id\":1e30}]} | has no id", "{\"steps\":[{\"id\":1},{\"id\":1}]} | have the same id"})
    void whatIsNoJobIsRefused(String document, String reason) {
        assertThatThrownBy(() -> read(document)).isInstanceOf(StepFailure.class).hasMessageContaining(reason);
    }

    @Test
    void aThousandStepsAreTheMost() {
        String step = "{},";
        assertThatThrownBy(() -> read("{\"steps\":[" + step.repeat(JobDocument.MOST_STEPS) + "{}]}"))
                .hasMessage("the job has more than 1000 steps");
    }

    @Test
    void noSecretIsInItsText() {
        JobDocument job = read(
                "{\"secrets\":{\"A\":\"hunter2\"},\"steps\":[{\"id\":1,\"run\":\"hunter2\",\"env\":{\"A\":\"hunter2\"}}]}");

        assertThat(job.toString() + job.steps()).doesNotContain("hunter2");
    }

    @Property(tries = 150)
    void whateverAControlPlaneSaysItIsAJobOrARefusal(@ForAll("documents") String document) {
        try {
            assertThat(read(document).steps()).isNotNull();
        } catch (StepFailure e) {
            assertThat(e.text()).isNotBlank();
        }
    }

    @Provide
    Arbitrary<String> documents() {
        Arbitrary<String> values = Arbitraries.of("null", "1", "\"x\"", "[]", "{}", "[null]", "[{}]", "{\"a\":[1]}",
                "true", "1e400");
        return Arbitraries.maps(Arbitraries.of("steps", "env", "secrets", "mask_values", "timeout_minutes", "needs",
                "event_payload", "if", "job"), values).ofMaxSize(6).map(map -> {
                    StringBuilder json = new StringBuilder("{\"steps\":[{\"id\":1}]");
                    map.forEach((key, value) -> json.append(",\"").append(key).append("\":").append(value));
                    return json.append('}').toString();
                });
    }
}
