package dev.coxswain.supervisor.coderunner;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.SettleReply;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class RunsTest {
    @TempDir
    Path dir;
    private TestServer server;

    @BeforeEach
    void start() {
        server = new TestServer(dir);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String deployed(int type) {
        String definition = server.definition(type);
        return server.deployment(definition, server.version(definition));
    }

    private TestServer.Answer run(String id, String body) {
        return server.post("/api/execution/run/onetime/" + id, body);
    }

    private JsonNode execution(String id) {
        return server.get("/api/execution/" + id).data();
    }

    @Test
    void aRunAnswersAtOnceAndGoesToItsEnd() {
        String definition = server.definition(2);
        String version = server.version(definition);
        String deployment = server.deployment(definition, version);

        JsonNode begun = run(deployment, "{\"payload\":{\"a\":[1,2]}}").data();

        String id = begun.get("executionId").stringValue();
        assertThat(id).matches("[0-9a-f-]{36}");
        assertThat(begun.get("status").intValue()).isEqualTo(1);
        Lease lease = server.runner.begun();
        JsonNode given = TestRunner.document(lease);
        assertThat(given.get("executionId").stringValue()).isEqualTo(id);
        assertThat(given.get("deploymentId").stringValue()).isEqualTo(deployment);
        assertThat(given.get("definitionId").stringValue()).isEqualTo(definition);
        assertThat(given.get("versionId").stringValue()).isEqualTo(version);
        assertThat(given.get("tenantId").stringValue()).isEqualTo(server.workspace);
        assertThat(given.get("kind").stringValue()).isEqualTo("job");
        assertThat(given.get("language").stringValue()).isEqualTo("nodejs");
        assertThat(given.get("entry").stringValue()).isEqualTo("index.js");
        assertThat(given.get("code").stringValue()).isEqualTo(dir.resolve("coderunner/code/" + version).toString());
        assertThat(given.get("payload").toString()).isEqualTo("{\"a\":[1,2]}");
        assertThat(given.get("timeoutMillis").longValue()).isEqualTo(3_600_000);
        assertThat(given.get("cpuMillis").longValue()).isEqualTo(250);
        assertThat(given.get("memoryBytes").longValue()).isEqualTo(256 << 20);
        assertThat(given.get("port").isNull()).isTrue();
        assertThat(given.get("trigger").stringValue()).isEqualTo("manual");
        assertThat(execution(id).get("status").intValue()).isEqualTo(2);
        assertThat(execution(id).get("runner").stringValue()).isEqualTo("functions-1");
        TestRunner.settle(lease, new Outcome.Complete("{\"result\":{\"ok\":true},\"exitCode\":0}"));

        JsonNode ended = execution(id);
        assertThat(ended.get("status").intValue()).isEqualTo(3);
        assertThat(ended.get("result").toString()).isEqualTo("{\"ok\":true}");
        assertThat(ended.get("exitCode").intValue()).isZero();
        assertThat(ended.get("finishedAt").stringValue()).isNotBlank();
        assertThat(server.get("/api/execution/deployment?deploymentid=" + deployment).data().get(0)
                .get("executionId").stringValue()).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"other\":1}", "{\"payload\":null}"})
    void withoutAPayloadItIsNull(String body) {
        run(deployed(1), body);

        JsonNode given = server.runner.complete("1");
        assertThat(given.get("payload").isNull()).isTrue();
        assertThat(given.get("kind").stringValue()).isEqualTo("function");
        assertThat(given.get("timeoutMillis").longValue()).isEqualTo(30_000);
    }

    @Test
    void anIdMayBeADeploymentsADefinitionsOrAVersions() {
        String definition = server.definition(2);
        assertThat(run(definition, "{}").status()).isEqualTo(409);
        String first = server.version(definition);
        String second = server.version(definition);

        run(definition, "{}");
        assertThat(server.runner.complete("1").get("versionId").stringValue()).isEqualTo(second);
        run(first, "{}");
        JsonNode alone = server.runner.complete("1");
        assertThat(alone.get("versionId").stringValue()).isEqualTo(first);
        assertThat(alone.get("deploymentId").isNull()).isTrue();
        String deployment = server.deployment(definition, first);
        run(definition, "{}");
        assertThat(server.runner.complete("1").get("deploymentId").stringValue()).isEqualTo(deployment);
        server.delete("/api/deployment/" + deployment);
        assertThat(run(deployment, "{}").status()).isEqualTo(409);
        assertThat(run(UUID.randomUUID().toString(), "{}").status()).isEqualTo(404);
    }

    @Test
    void waitingGivesTheResult() {
        String deployment = deployed(1);
        CompletableFuture<TestServer.Answer> answer = server
                .posting("/api/execution/run/onetime/" + deployment + "?wait=20", "{\"payload\":1}");

        server.runner.complete("\"done\"");

        assertThat(answer.join().data().get("result").stringValue()).isEqualTo("done");
        assertThat(answer.join().data().get("status").intValue()).isEqualTo(3);
        assertThat(run(deployment + "?wait=61", "{}").status()).isEqualTo(400);
    }

    @Test
    void theSameIdempotencyKeyIsTheSameExecution() {
        String deployment = deployed(2);
        Supplier<TestServer.Answer> keyed = () -> server.send(server.request("/api/execution/run/onetime/" + deployment)
                .header("Idempotency-Key", "k-1").POST(HttpRequest.BodyPublishers.noBody()));

        String first = keyed.get().data().get("executionId").stringValue();
        assertThat(keyed.get().data().get("executionId").stringValue()).isEqualTo(first);
        server.runner.complete("1");
        JsonNode third = keyed.get().data();
        assertThat(third.get("executionId").stringValue()).isEqualTo(first);
        assertThat(third.get("status").intValue()).isEqualTo(3);
        assertThat(server.runner.isIdle()).isTrue();
        server.workspace = TestServer.OTHER.toString();
        assertThat(keyed.get().status()).isEqualTo(404);
    }

    @Test
    void aLargePayloadGoesThroughAFileThatIsRemoved() throws IOException {
        String text = "x".repeat(200_000);
        run(deployed(2), "{\"payload\":\"" + text + "\"}");

        Lease lease = server.runner.begun();
        JsonNode given = TestRunner.document(lease);
        Path file = Path.of(given.get("payloadFile").stringValue());
        assertThat(given.get("payload").isNull()).isTrue();
        assertThat(Files.readString(file)).isEqualTo("\"" + text + "\"");
        TestRunner.settle(lease, new Outcome.Complete("{\"result\":1}"));
        assertThat(file).doesNotExist();
        assertThat(run(server.definition(2), "{\"payload\":\"" + "x".repeat(7 << 20) + "\"}").status())
                .isIn(409, 413);
        assertThat(run(given.get("deploymentId").stringValue(), "{\"payload\":\"" + "x".repeat(7 << 20) + "\"}")
                .status()).isEqualTo(413);
    }

    @Test
    void cancellingTakesItOutOfTheQueueOrStopsItsRunner() {
        String deployment = deployed(2);
        String waiting = run(deployment, "{}").data().get("executionId").stringValue();
        assertThat(server.post("/api/execution/" + waiting + "/cancel", "").data().get("status").intValue())
                .isEqualTo(5);
        assertThat(server.runner.isIdle()).isTrue();

        String running = run(deployment, "{}").data().get("executionId").stringValue();
        Lease lease = server.runner.begun();
        assertThat(lease.heartbeat().block()).isInstanceOf(HeartbeatReply.Renewed.class);
        assertThat(server.post("/api/execution/" + running + "/cancel", "").data().get("status").intValue())
                .isEqualTo(2);
        assertThat(lease.heartbeat().block()).isInstanceOf(HeartbeatReply.CancelRequested.class);
        TestRunner.settle(lease, new Outcome.Fail(Outcome.Cause.CANCELLED, "stopped"));
        assertThat(execution(running).get("status").intValue()).isEqualTo(5);
        assertThat(execution(running).get("reason").stringValue()).isEqualTo("Cancelled");
        assertThat(lease.heartbeat().block()).isInstanceOf(HeartbeatReply.Lost.class);
        assertThat(server.post("/api/execution/" + running + "/cancel", "").status()).isEqualTo(409);
        assertThat(lease.settle(new Outcome.Complete("{}")).block()).isInstanceOf(SettleReply.Gone.class);
    }

    @ParameterizedTest
    @CsvSource({"FAILURE,[OutOfMemory] over 256 MiB,OutOfMemory,over 256 MiB", "FAILURE,boom,Failed,boom",
            "TIMEOUT,[Timeout] 1 h,Timeout,1 h", "TIMEOUT,late,Timeout,late"})
    void aFailureHasAReasonAndItsFirstLine(Outcome.Cause cause, String message, String reason, String told) {
        String id = run(deployed(2), "{}").data().get("executionId").stringValue();

        server.runner.fail(cause, message + "\nat secret.js:1");

        JsonNode ended = execution(id);
        assertThat(ended.get("status").intValue()).isEqualTo(4);
        assertThat(ended.get("reason").stringValue()).isEqualTo(reason);
        assertThat(ended.get("message").stringValue()).isEqualTo(told);
    }

    @Test
    void aTenantHasSoManyAtOnce() {
        String deployment = deployed(2);
        for (int i = 0; i < 10; i++) {
            assertThat(run(deployment, "{}").status()).isEqualTo(200);
        }
        TestServer.Answer tooMany = run(deployment, "{}");
        assertThat(tooMany.status()).isEqualTo(429);
        assertThat(tooMany.headers().firstValue("Retry-After")).isPresent();

        server.runner.complete("1");
        assertThat(run(deployment, "{}").status()).isEqualTo(200);
    }

    @Test
    void aResultThatIsTooLargeIsCutAndFlagged() {
        String id = run(deployed(2), "{}").data().get("executionId").stringValue();

        server.runner.complete("\"" + "y".repeat(2 << 20) + "\"");

        JsonNode ended = execution(id);
        assertThat(ended.get("truncated").booleanValue()).isTrue();
        assertThat(ended.get("result").isString()).isTrue();
        assertThat(ended.get("result").stringValue().length()).isLessThanOrEqualTo(1 << 20);
    }

    /** A list of them would not fit into memory. */
    @Test
    void aLongResultIsCutInListsAndWholeByItself() {
        String deployment = deployed(2);
        String id = run(deployment, "{}").data().get("executionId").stringValue();
        String text = "y".repeat(100_000);

        server.runner.complete("\"" + text + "\"");

        JsonNode listed = server.get("/api/execution/deployment?DeploymentId=" + deployment).data().get(0);
        assertThat(listed.get("truncated").booleanValue()).isTrue();
        assertThat(listed.get("result").stringValue()).startsWith("\"yyy").hasSize(16 << 10);
        assertThat(execution(id).get("truncated").booleanValue()).isFalse();
        assertThat(execution(id).get("result").stringValue()).isEqualTo(text);
    }

    /** No writer of JSON would take it with an envelope around it. */
    @Test
    void aResultThatIsTooDeepForAnAnswerIsShownAsItsText() {
        String deployment = deployed(2);
        String id = run(deployment, "{}").data().get("executionId").stringValue();

        server.runner.complete("[".repeat(499) + "]".repeat(499));

        assertThat(execution(id).get("result").stringValue()).startsWith("[[[");
        assertThat(server.get("/api/execution/deployment?DeploymentId=" + deployment).data().size()).isOne();
    }

    @Test
    void theAdapterTellsOfArrivals() {
        String deployment = deployed(2);
        run(deployment, "{}");

        assertThat(server.runner.plane().arrivals().next().block(TestServer.PATIENCE)).isEqualTo(1);
        StepVerifier.create(server.runner.plane().arrivals().skip(1).next())
                .then(() -> run(deployment, "{}")).expectNext(1).expectComplete().verify(TestServer.PATIENCE);
    }
}
