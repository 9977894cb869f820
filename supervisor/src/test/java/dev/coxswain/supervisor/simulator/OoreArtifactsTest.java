package dev.coxswain.supervisor.simulator;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.coxswain.supervisor.simulator.OoreClient.Identity;
import tools.jackson.databind.JsonNode;

import static dev.coxswain.supervisor.simulator.OoreClient.OORE;
import static dev.coxswain.supervisor.simulator.OoreClient.code;
import static org.assertj.core.api.Assertions.assertThat;

/** Contract oore-ci 7 and 9, over real HTTP: a running build's log and its artifacts. */
class OoreArtifactsTest extends SimulatorTestBase {
    private static final byte[] CONTENT = {1, 2, 3};
    private static final String SUM = "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81";

    private Simulator simulator;
    private OoreClient oore;
    private Identity one;
    private String job;

    @BeforeEach
    void startOne() {
        play(config(2));
    }

    private void play(SimulatorConfig config) {
        simulator = start(config.withProtocols(List.of(OORE)));
        oore = new OoreClient(simulator, client(simulator));
        one = oore.runner(0);
        JsonNode answer = oore.as(one, "POST", "/claim", OoreClient.CLAIM).json();
        job = (answer.has("job") ? answer.path("job") : answer).path("build_id").stringValue();
        oore.status(one, job, "running");
    }

    private long count(Violation violation) {
        return simulator.ledger().verdict(OORE).count(violation);
    }

    private int appended(String chunks) {
        return oore.as(one, "POST", "/jobs/" + job + "/logs", "{\"chunks\":[" + chunks + "]}").json().path("appended")
                .intValue();
    }

    private static String chunk(long sequence, String content, String stream) {
        return "{\"sequence\":" + sequence + ",\"content\":\"" + content + "\",\"stream\":\"" + stream + "\"}";
    }

    @Test
    void theFirstLineUnderANumberWinsAndTheSameOneAgainIsHarmless() {
        assertThat(appended(chunk(0, "a", "stdout") + "," + chunk(1, "b", "stderr"))).isEqualTo(2);
        assertThat(appended(chunk(1, "b", "stderr") + "," + chunk(5, "c", "stdout"))).isEqualTo(1);
        assertThat(count(Violation.LOG_LINE_LOST)).isZero();
        assertThat(appended(chunk(0, "another", "stdout"))).isZero();
        assertThat(count(Violation.LOG_LINE_LOST)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"-1, a, stdout, 1", "3, a, stdlog, 0"})
    void whatNobodyCanReadIsAcceptedAndAViolation(long sequence, String content, String stream, int appended) {
        assertThat(appended(chunk(sequence, content, stream))).isEqualTo(appended);
        assertThat(count(Violation.LOG_LINE_LOST)).isEqualTo(1);
    }

    @Test
    void aLineHasAtMost4096BytesAndABuild10000Lines() {
        assertThat(appended(chunk(0, "ö".repeat(2048), "stdout"))).isEqualTo(1);
        assertThat(count(Violation.LOG_LINE_LOST)).isZero();
        assertThat(appended(chunk(1, "ö".repeat(2048) + "x", "stdout"))).isEqualTo(1);
        assertThat(count(Violation.LOG_LINE_LOST)).isEqualTo(1);
        StringBuilder many = new StringBuilder(chunk(2, "x", "stdout"));
        for (int i = 3; i < 10_005; i++) {
            many.append(',').append(chunk(i, "x", "stdout"));
        }
        assertThat(appended(many.toString())).isEqualTo(9_998);
        assertThat(appended(chunk(20_000, "x", "stdout"))).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{}", "{\"chunks\":null}", "{\"chunks\":[{\"sequence\":0,\"content\":\"a\"}]}",
            "{\"chunks\":[{\"sequence\":0.5,\"content\":\"a\",\"stream\":\"stdout\"}]}", "{\"chunks\":[7]}"})
    void aChunkHasThreeFields(String body) {
        assertThat(code(oore.as(one, "POST", "/jobs/none/logs", body))).isEqualTo("400 invalid_request");
    }

    @Test
    void linesBeforeTheStartAreAcceptedAndAViolation() {
        String second = oore.claim(one).path("build_id").stringValue();

        assertThat(oore.log(one, second, 0, "early").json().path("appended").intValue()).isEqualTo(1);
        assertThat(count(Violation.OUT_OF_ORDER)).isEqualTo(1);
    }

    @Test
    void anArtifactIsReservedUploadedAndCompletedOnce() {
        JsonNode reserved = oore.reserve(one, job, "app.apk", ",\"file_size\":3,\"checksum\":\"" + SUM + "\"").json();
        String id = reserved.path("artifact").path("id").stringValue();
        String url = reserved.path("upload_url").stringValue();

        assertThat(reserved.path("artifact").path("state").stringValue()).isEqualTo("pending");
        assertThat(url).matches("http://127\\.0\\.0\\.1:8787/v1/artifacts/local-upload/[0-9a-f]{64}");
        assertThat(oore.put(url, CONTENT).status()).isEqualTo(200);
        assertThat(code(oore.put(url, CONTENT))).isEqualTo("401 invalid_upload_token");
        assertThat(oore.finish(one, job, id, "complete").json().path("artifact").path("state").stringValue())
                .isEqualTo("available");
        assertThat(code(oore.finish(one, job, id, "complete"))).isEqualTo("409 artifact_not_pending");
        assertThat(code(oore.finish(one, job, id, "abort"))).isEqualTo("409 artifact_not_pending");
        oore.status(one, job, "succeeded");
        assertThat(simulator.ledger().violations()).isEmpty();
    }

    @Test
    void theSameContentAgainNeedsNoUpload() {
        String more = ",\"checksum\":\"" + SUM + "\"";
        JsonNode first = oore.reserve(one, job, "a.apk", more).json();
        JsonNode second = oore.reserve(one, job, "b.apk", more).json();
        oore.put(first.path("upload_url").stringValue(), CONTENT);
        oore.finish(one, job, first.path("artifact").path("id").stringValue(), "complete");

        JsonNode third = oore.reserve(one, job, "c.apk", more).json();
        assertThat(third.path("upload_url").stringValue()).isEmpty();
        assertThat(third.path("artifact").path("state").stringValue()).isEqualTo("available");
        String twin = second.path("artifact").path("id").stringValue();
        assertThat(code(oore.finish(one, job, twin, "complete"))).isEqualTo("500 store_error");
        assertThat(oore.finish(one, job, twin, "abort").json().path("artifact").path("state").stringValue())
                .isEqualTo("failed");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{\"name\":\"a\"}|400 invalid_request",
            "{\"name\":\"a\",\"artifact_type\":\"aab\"}|400 invalid_artifact_type",
            "{\"name\":\"a/b\",\"artifact_type\":\"apk\"}|400 invalid_name",
            "{\"name\":\" \",\"artifact_type\":\"apk\"}|400 invalid_name"})
    void whatIsReservedHasATypeAndAName(String body, String refusal) {
        assertThat(code(oore.as(one, "POST", "/jobs/" + job + "/artifacts", body))).isEqualTo(refusal);
    }

    @Test
    void theBuildIsLookedAtBeforeTypeAndName() {
        assertThat(code(oore.as(one, "POST", "/jobs/none/artifacts", "{\"name\":\"/\",\"artifact_type\":\"aab\"}")))
                .isEqualTo("404 not_found");
        assertThat(code(oore.reserve(oore.runner(1), job, "a", ""))).isEqualTo("403 runner_mismatch");
        assertThat(code(oore.finish(oore.runner(1), job, "none", "complete"))).isEqualTo("409 artifact_not_pending");
        assertThat(code(oore.finish(one, "none", "none", "abort"))).isEqualTo("409 artifact_not_pending");
        assertThat(code(oore.as(one, "POST", "/jobs/" + job + "/artifacts/none/complete", null)))
                .isEqualTo("400 invalid_request");
    }

    @Test
    void whatIsCompletedWithoutItsBytesOrWithOthersIsAViolation() {
        JsonNode empty = oore.reserve(one, job, "a.apk", "").json();
        assertThat(oore.finish(one, job, empty.path("artifact").path("id").stringValue(), "complete").status())
                .isEqualTo(200);
        assertThat(count(Violation.MISSING_ARTIFACT)).isEqualTo(1);
        JsonNode short_ = oore.reserve(one, job, "b.apk", ",\"file_size\":4").json();
        oore.put(short_.path("upload_url").stringValue(), CONTENT);
        oore.finish(one, job, short_.path("artifact").path("id").stringValue(), "complete");
        assertThat(count(Violation.MISSING_ARTIFACT)).isEqualTo(2);
        JsonNode other = oore.reserve(one, job, "c.apk", ",\"checksum\":\"" + SUM + "\"").json();
        oore.put(other.path("upload_url").stringValue(), new byte[]{9});
        oore.finish(one, job, other.path("artifact").path("id").stringValue(), "complete");
        assertThat(count(Violation.MISSING_ARTIFACT)).isEqualTo(3);
    }

    @Test
    void aTokenBesideAnUploadUrlAndASuccessWithAnOpenUploadAreViolations() {
        String url = oore.reserve(one, job, "a.apk", "").json().path("upload_url").stringValue();
        oore.raw("PUT", url.substring(url.indexOf("/v1/")),
                Map.of("Authorization", "Bearer " + one.token(), "Content-Length", "3"), CONTENT);
        assertThat(count(Violation.BEARER_SENT_TO_STORE)).isEqualTo(1);
        oore.log(one, job, 0, "see " + url);
        assertThat(count(Violation.SECRET_SEEN)).isEqualTo(1);
        oore.status(one, job, "succeeded");
        assertThat(count(Violation.OUT_OF_ORDER)).isEqualTo(1);
        assertThat(simulator.ledger().toJson(0, 100)).doesNotContain(url.substring(url.lastIndexOf('/') + 1));
    }

    @Test
    void aReservationAndItsUrlLastHalfAnHour() {
        JsonNode reserved = oore.reserve(one, job, "a.apk", "").json();
        clock.advance(Duration.ofMinutes(31));

        assertThat(code(oore.put(reserved.path("upload_url").stringValue(), CONTENT)))
                .isEqualTo("401 invalid_upload_token");
        clock.advance(Duration.ofMinutes(1));
        assertThat(code(oore.finish(one, job, reserved.path("artifact").path("id").stringValue(), "complete")))
                .isEqualTo("409 artifact_not_pending");
    }

    @Test
    void withoutStorageThereIsAReservationWithoutAUrl() {
        oore.lever("{\"storage\":false}");
        JsonNode reserved = oore.reserve(one, job, "a.apk", "").json();

        assertThat(reserved.path("upload_url").stringValue()).isEmpty();
        assertThat(reserved.path("artifact").path("state").stringValue()).isEqualTo("pending");
    }

    @Test
    void whereOpenFormsRotateBothKindsOfUrlsComeAndBothWork() {
        play(config(1).withSignAnswer(SignAnswer.ROTATING));
        boolean local = false;
        boolean store = false;
        for (int i = 0; i < 12; i++) {
            JsonNode reserved = oore.reserve(one, job, "a" + i, ",\"file_size\":3").json();
            String url = reserved.path("upload_url").stringValue();
            local |= url.contains("/local-upload/");
            store |= url.startsWith(simulator.base() + "/store/");
            assertThat(oore.put(url, CONTENT).status()).isEqualTo(200);
            oore.finish(one, job, reserved.path("artifact").path("id").stringValue(), "complete");
        }
        assertThat(local).isTrue();
        assertThat(store).isTrue();
        assertThat(simulator.ledger().violations()).isEmpty();
    }
}
