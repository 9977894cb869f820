package dev.coxswain.supervisor.coderunner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.SettleReply;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RestartTest {
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

    private String run() {
        String definition = server.definition(2);
        return server.post("/api/execution/run/onetime/" + server.deployment(definition, server.version(definition)),
                "{\"payload\":7}").data().get("executionId").stringValue();
    }

    private void restart() {
        server.close();
        server = new TestServer(dir);
    }

    private JsonNode execution(String id) {
        return server.get("/api/execution/" + id).data();
    }

    @Test
    void whatWaitedWaitsAgain() {
        String id = run();
        restart();

        JsonNode given = server.runner.complete("1");
        assertThat(given.get("executionId").stringValue()).isEqualTo(id);
        assertThat(given.get("payload").intValue()).isEqualTo(7);
        assertThat(execution(id).get("status").intValue()).isEqualTo(3);
    }

    @Test
    void whatRanIsLostAndNotRepeated() {
        String id = run();
        server.runner.begun();
        restart();

        assertThat(server.runner.isIdle()).isTrue();
        assertThat(execution(id).get("status").intValue()).isEqualTo(4);
        assertThat(execution(id).get("reason").stringValue()).isEqualTo("RunnerLost");
    }

    /** The fleet's journal held an end that was about to be reported. */
    @Test
    void anEndThatTheJournalHeldStillArrives() {
        String id = run();
        Lease lease = server.runner.begun();
        LeaseRecord record = record(lease);
        restart();

        Lease again = server.runner.plane().restore(record, new Credential("functions-1", new Secret("none")));
        assertThat(again.heartbeat().block()).isInstanceOf(HeartbeatReply.Renewed.class);
        TestRunner.settle(again, new Outcome.Complete("{\"result\":42}"));
        assertThat(execution(id).get("status").intValue()).isEqualTo(3);
        assertThat(execution(id).get("result").intValue()).isEqualTo(42);
        assertThat(again.settle(new Outcome.Complete("{}")).block()).isInstanceOf(SettleReply.Gone.class);
    }

    @Test
    void aRestoredLeaseWithoutAnEndIsRunnerLost() {
        String id = run();
        LeaseRecord record = record(server.runner.begun());
        restart();

        TestRunner.settle(server.runner.plane().restore(record, new Credential("functions-1", new Secret("none"))),
                new Outcome.Fail(Outcome.Cause.FAILURE, "the runner was restarted while the job ran"));
        assertThat(execution(id).get("reason").stringValue()).isEqualTo("RunnerLost");
    }

    private static LeaseRecord record(Lease lease) {
        return new LeaseRecord(lease.job().key(), "functions", "functions", "functions-1", lease.job().id(),
                lease.handle(), Instant.EPOCH);
    }

    @Test
    void aRequestsExecutionThatNeverBeganIsOver() {
        String definition = server.definition(1);
        server.deployment(definition, server.version(definition));
        CompletableFuture<TestServer.Answer> answer = server.posting("/fn/" + definition, "{\"payload\":1}");
        server.runner.plane().arrivals().next().block(TestServer.PATIENCE);
        server.close();
        assertThat(answer.handle((got, failure) -> failure != null || got.status() >= 500).join()).isTrue();

        server = new TestServer(dir);
        assertThat(server.runner.isIdle()).isTrue();
    }

    /** The process may end between a change of the disk and one of the store. */
    @Test
    void filesThatTheStoreDoesNotKnowAreRemoved() throws IOException {
        String definition = server.definition(2);
        String version = server.version(definition);
        String waiting = server.post("/api/execution/run/onetime/" + version,
                "{\"payload\":\"" + "x".repeat(100_000) + "\"}").data().get("executionId").stringValue();
        server.close();
        Path root = dir.resolve("coderunner");
        List<Path> strays = new ArrayList<>();
        for (String name : List.of("archives/%s.zip", "payloads/%s.json", "code/%s/index.js", "logs/%s/a.jsonl")) {
            Path stray = root.resolve(name.formatted(UUID.randomUUID()));
            Files.createDirectories(stray.getParent());
            strays.add(Files.writeString(stray, "x"));
        }
        strays.add(Files.writeString(root.resolve("archives/" + version + ".zip"), "processed"));
        Path foreign = Files.writeString(root.resolve("archives/notes.txt"), "x");
        server = new TestServer(dir);

        assertThat(strays).noneMatch(Files::exists);
        assertThat(root.resolve("code/" + version + "/index.js")).exists();
        assertThat(root.resolve("payloads/" + waiting + ".json")).exists();
        assertThat(foreign).exists();
    }

    @Test
    void aStoreOfANewerVersionIsLeftAlone() throws Exception {
        server.close();
        try (java.sql.Connection file = DriverManager
                .getConnection("jdbc:sqlite:" + dir.resolve("coderunner/coderunner.db"));
                Statement statement = file.createStatement()) {
            statement.executeUpdate("PRAGMA user_version = 99");
        }

        assertThatThrownBy(() -> new TestServer(dir)).isInstanceOf(CoderunnerException.class)
                .hasMessageContaining("newer coxswain").hasMessageContaining("coderunner.db");
    }
}
