package dev.coxswain.supervisor.simulator;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.coxswain.supervisor.simulator.ShithubClient.Claimed;
import tools.jackson.databind.JsonNode;

import static dev.coxswain.supervisor.simulator.ShithubClient.SHITHUB;
import static dev.coxswain.supervisor.simulator.ShithubClient.chunk;
import static dev.coxswain.supervisor.simulator.ShithubClient.said;
import static org.assertj.core.api.Assertions.assertThat;

/** Contract shithub-actions 6 to 8, 10, 12 and 13, over real HTTP: logs, states and artifacts of a running job. */
class ShithubStepsTest extends SimulatorTestBase {
    private Simulator simulator;
    private ShithubClient shithub;
    private Claimed job;

    @BeforeEach
    void claimOne() {
        simulator = start(config(6).withProtocols(List.of(SHITHUB)).withKeepContent(1 << 20));
        shithub = new ShithubClient(simulator, client(simulator));
        job = shithub.claim(0);
    }

    private long count(Violation violation) {
        return simulator.ledger().verdict(SHITHUB).count(violation);
    }

    private String log(int step) {
        return shithub.page(job).path("steps").path(step).path("log").stringValue();
    }

    @Test
    void aWholeJobIsClean() {
        assertThat(shithub.status(job, "running", null).json().path("conclusion").isNull()).isTrue();
        for (int i = 0; i < job.steps(); i++) {
            assertThat(shithub.log(job, i, 0, "one\n").status()).isEqualTo(202);
            assertThat(shithub.log(job, i, 1, "two\n").status()).isEqualTo(202);
            StudioClient.Reply step = shithub.step(job, i, i == 1 ? "skipped" : "completed", i == 1 ? null : "success");
            assertThat(step.json().path("conclusion").stringValue()).isEqualTo(i == 1 ? "skipped" : "success");
            assertThat(step.json().has("next_token")).as("also when it ends a step").isTrue();
        }
        StudioClient.Reply end = shithub.status(job, "completed", "success");

        assertThat(end.status()).isEqualTo(200);
        assertThat(end.json().has("next_token")).isFalse();
        assertThat(end.json().path("run_status").stringValue()).isEqualTo("completed");
        assertThat(log(0)).isEqualTo("one\ntwo\n");
        assertThat(simulator.ledger().violations()).isEmpty();
        assertThat(simulator.ledger().verdict(SHITHUB).completed()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"queued,running,200", "queued,completed,200", "queued,cancelled,200", "queued,skipped,200",
            "running,running,200", "running,skipped,200", "running,queued,400", "completed,completed,200",
            "completed,running,400", "completed,cancelled,400", "completed,skipped,400", "cancelled,cancelled,200",
            "cancelled,completed,400", "skipped,skipped,200", "skipped,completed,400"})
    void aStepGoesWhereTheTableSays(String from, String to, int status) {
        if (!from.equals("queued")) {
            shithub.step(job, 0, from, from.equals("completed") ? "success" : null);
        }
        StudioClient.Reply reply = shithub.step(job, 0, to, to.equals("completed") ? "failure" : null);

        assertThat(reply.status()).isEqualTo(status);
        if (status == 400) {
            assertThat(said(reply)).isEqualTo("400 invalid status transition " + from + " -> " + to);
        }
        assertThat(count(Violation.OUT_OF_ORDER)).isEqualTo(status == 400 ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({"neutral,COMPLETED", "skipped,COMPLETED", "timed_out,FAILED", "action_required,FAILED",
            "cancelled,FAILED"})
    void everyConclusionIsAnEnd(String conclusion, JobEnd end) {
        assertThat(shithub.finish(job, conclusion).status()).isEqualTo(200);
        Verdict verdict = simulator.ledger().verdict(SHITHUB);
        assertThat(end == JobEnd.COMPLETED ? verdict.completed() : verdict.failed()).isEqualTo(1);
    }

    @Test
    void aCompletedJobLeavesItsStepsOpenAndACancelledOneClosesThem() {
        shithub.status(job, "completed", "failure");
        assertThat(shithub.page(job).path("steps").path(0).path("status").stringValue()).isEqualTo("queued");
        assertThat(count(Violation.OUT_OF_ORDER)).isEqualTo(1);
        job = shithub.claim(0);
        assertThat(shithub.status(job, "cancelled", null).json().path("conclusion").stringValue())
                .isEqualTo("cancelled");
        assertThat(shithub.page(job).path("steps").path(0).path("status").stringValue()).isEqualTo("cancelled");
        assertThat(count(Violation.OUT_OF_ORDER)).isEqualTo(1);
    }

    @Test
    void afterAServersCancelOnlyCancelledIsTaken() {
        shithub.lever("{\"recover\":true}");
        assertThat(shithub.log(job, 0, 0, "late").status()).isEqualTo(202);
        assertThat(said(shithub.step(job, 0, "completed", "success")))
                .isEqualTo("400 invalid status transition cancelled -> completed");
        job = shithub.claim(0);
        shithub.lever("{\"recover\":true}");
        assertThat(said(shithub.status(job, "completed", "success")))
                .isEqualTo("400 invalid status transition cancelled -> completed");
        job = shithub.claim(0);
        shithub.lever("{\"recover\":true}");
        assertThat(shithub.status(job, "cancelled", null).status()).isEqualTo(200);

        assertThat(simulator.ledger().violations()).as("nobody could know").isEmpty();
        assertThat(simulator.ledger().verdict(SHITHUB).cancelled()).as("and one that needed the third").isEqualTo(4);
    }

    @Test
    void theFirstChunkUnderANumberWinsAndNumbersBeginAnewInEachStep() {
        shithub.log(job, 0, 0, "a");
        shithub.log(job, 1, 0, "b");
        shithub.log(job, 0, 0, "a");
        assertThat(count(Violation.LOG_LINE_LOST)).as("the same one again").isZero();
        assertThat(shithub.log(job, 0, 0, "c").status()).isEqualTo(202);

        assertThat(count(Violation.LOG_LINE_LOST)).isEqualTo(1);
        assertThat(log(0)).isEqualTo("a");
        assertThat(log(1)).isEqualTo("b");
    }

    @Test
    void aChunkWithoutAStepIsTheFirstStepsAndPaddingIsOptional() {
        shithub.call(job, "/logs", "{\"seq\":0,\"chunk\":\"aGk\"}");
        assertThat(log(0)).isEqualTo("hi");
    }

    @Test
    void aChunkBehindTheEndOfItsStepIsTakenAndLost() {
        shithub.step(job, 0, "completed", "success");
        assertThat(shithub.log(job, 0, 0, "late").status()).isEqualTo(202);
        assertThat(count(Violation.LOG_LINE_LOST)).isEqualTo(1);
    }

    @Test
    void aFullChunkIsTakenAndALargerOneIsNot() {
        shithub.call(job, "/logs", chunk(job.step(0), 0, new byte[512 << 10]));
        assertThat(said(shithub.call(job, "/logs", chunk(job.step(0), 1, new byte[(512 << 10) + 1]))))
                .isEqualTo("400 chunk must be between 1 and 524288 bytes");
    }

    @Test
    void aFullChunkBehindTheBeginningOfASecretIsTooLarge() {
        shithub.log(job, 0, 0, "seven knots & ");
        byte[] full = new byte[512 << 10];
        assertThat(said(shithub.call(job, "/logs", chunk(job.step(0), 1, full)))).isEqualTo("500 append log failed");
    }

    @Test
    void theServerHidesASecretAlsoAcrossChunksAndTheLedgerSeesIt() {
        shithub.log(job, 0, 0, "it is seven knots & a ");
        assertThat(count(Violation.SECRET_SEEN)).isZero();
        shithub.log(job, 0, 1, "<half> hitch, *** and the rest");

        assertThat(log(0)).isEqualTo("it is ***, *** and the rest");
        assertThat(count(Violation.SECRET_SEEN)).isEqualTo(1);
        shithub.log(job, 0, 2, "token " + job.job.path("checkout_token").stringValue());
        assertThat(count(Violation.SECRET_SEEN)).as("which the server does not know to hide").isEqualTo(2);
        shithub.log(job, 0, 3, "token " + job.token + ".");
        assertThat(count(Violation.SECRET_SEEN)).isEqualTo(3);
    }

    @Test
    void aJobOfAStrangersBranchHasNoSecrets() {
        shithub.status(job, "cancelled", null);
        Claimed review = shithub.claim(0, "Review");
        for (String key : List.of("secrets", "variables", "mask_values")) {
            assertThat(review.job.path(key).isNull()).as(key).isTrue();
        }
        assertThat(review.job.path("event_payload").path("pull_request").path("title").stringValue()).contains("$(");
    }

    @Test
    void anArtifactIsDeclaredAndSentAndNobodyAsksForItButTheLedger() {
        StudioClient.Reply declared = shithub.call(job, "/artifacts/upload", "{\"name\":\"a.txt\",\"size_bytes\":3}");
        assertThat(declared.status()).isEqualTo(201);
        assertThat(declared.body()).contains("\\u0026").doesNotContain("&");
        assertThat(shithub.put(declared.json().path("upload_url").stringValue(), new byte[3]).status()).isEqualTo(200);
        shithub.call(job, "/artifacts/upload", "{\"name\":\"b.txt\",\"size_bytes\":1}");
        shithub.finish(job, "success");

        JsonNode artifacts = shithub.page(job).path("artifacts");
        assertThat(artifacts.path(0).path("received_bytes").longValue()).isEqualTo(3);
        assertThat(artifacts.path(1).path("received_bytes").longValue()).isEqualTo(-1);
        assertThat(count(Violation.MISSING_ARTIFACT)).isEqualTo(1);
    }

    @Test
    void anUploadBehindTheEndOfTheJobIsTooLate() {
        String url = shithub.call(job, "/artifacts/upload", "{\"name\":\"a.txt\",\"size_bytes\":3}").json()
                .path("upload_url").stringValue();
        shithub.finish(job, "failure");
        shithub.put(url, new byte[3]);
        assertThat(count(Violation.WRITE_AFTER_LEASE_END)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"quota-402,402", "artifact-500,500"})
    void anArtifactThatTheServerRefusesEndsTheJobsChain(String failure, int status) {
        shithub.lever("{\"fail\":{\"" + failure + "\":1}}");
        assertThat(shithub.call(job, "/artifacts/upload", "{\"name\":\"a\",\"size_bytes\":1}").status())
                .isEqualTo(status);
        assertThat(said(shithub.call(job, "/cancel-check", "{}"))).isEqualTo("401 job token replayed");
    }

    @Test
    void aNameMayBeThereOnceInARunWhereTheServerWantsItSo() {
        shithub.lever("{\"unique_artifacts\":true}");
        String body = "{\"name\":\"a\",\"size_bytes\":0}";
        assertThat(shithub.call(job, "/artifacts/upload", body).status()).isEqualTo(201);
        assertThat(shithub.call(job, "/artifacts/upload", body).status()).isEqualTo(500);
    }

    @Test
    void anUploadUrlCanBeMadeWorthless() {
        shithub.lever("{\"fail\":{\"put-refused\":1}}");
        String url = shithub.call(job, "/artifacts/upload", "{\"name\":\"a\",\"size_bytes\":1}").json()
                .path("upload_url").stringValue();
        assertThat(shithub.put(url, new byte[1]).status()).isEqualTo(403);
        shithub.finish(job, "success");
        assertThat(count(Violation.MISSING_ARTIFACT)).isZero();
    }

    @Test
    void leversAreForTheOwnerAndRefuseWhatTheyDoNotKnow() {
        assertThat(shithub.send("POST", "/_sim/levers", shithub.token(0), "{}").status()).isEqualTo(401);
        for (String body : List.of("{\"lever\":1}", "{\"generation\":4}", "{\"fail\":{\"rain\":1}}",
                "{\"fail\":{\"mint-500@lunch\":1}}", "{\"paused\":1}")) {
            assertThat(shithub.lever(body).status()).as(body).isEqualTo(400);
        }
        assertThat(shithub.lever("{\"runner\":\"nobody\"}").status()).isEqualTo(404);
    }

    @Test
    void aChunkMayHoldAnyBytes() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        shithub.call(job, "/logs", chunk(job.step(0), 0, bytes));
        assertThat(log(0).getBytes(StandardCharsets.ISO_8859_1)).isEqualTo(bytes);
    }
}
