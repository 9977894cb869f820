package dev.coxswain.supervisor.coderunner;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.Outcome;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Requests that wait, in virtual time. */
class WaitingTest {
    @TempDir
    Path dir;
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private TestServer server;

    @BeforeEach
    void start() {
        CoderunnerLimits usual = CoderunnerLimits.DEFAULT;
        CoderunnerLimits two = new CoderunnerLimits(2, usual.functionTimeout(), usual.jobTimeout(),
                usual.uploadBytes(), usual.payloadBytes(), usual.definitions(), usual.deployments(),
                usual.executions(), usual.versions(), usual.archive(), usual.keepFor(), usual.keepMost());
        server = new TestServer(dir, TestServer.config(two), FleetClock.of(time), time, TestServer::entry,
                port -> Mono.just(true));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String function() {
        String definition = server.definition(1);
        server.deployment(definition, server.version(definition));
        return definition;
    }

    private void awaitWaiting(int number) {
        TestServer.until(() -> server.get("/health").data().get("waiting").intValue(), now -> now == number);
    }

    /** Time goes on until the answer is there. */
    private TestServer.Answer answered(CompletableFuture<TestServer.Answer> answer) {
        TestServer.until(() -> {
            time.advanceTimeBy(Duration.ofSeconds(5));
            return answer;
        }, CompletableFuture::isDone);
        return answer.join();
    }

    @Test
    void aFullQueueIs503WithRetryAfter() {
        String function = function();
        CompletableFuture<TestServer.Answer> first = server.posting("/fn/" + function, "{\"payload\":1}");
        awaitWaiting(1);
        CompletableFuture<TestServer.Answer> second = server.posting("/fn/" + function, "{\"payload\":2}");
        awaitWaiting(2);

        TestServer.Answer full = server.post("/fn/" + function, "{\"payload\":3}");

        assertThat(full.status()).isEqualTo(503);
        assertThat(full.headers().firstValue("Retry-After")).isPresent();
        assertThat(server.post("/api/execution/run/onetime/" + function, "{}").status()).isEqualTo(503);
        assertThat(server.runner.complete("1").get("payload").intValue()).isEqualTo(1);
        assertThat(server.runner.complete("2").get("payload").intValue()).isEqualTo(2);
        assertThat(first.join().status()).isEqualTo(200);
        assertThat(second.join().status()).isEqualTo(200);
    }

    @Test
    void withoutASlotInTimeItIs503AndNeverRuns() {
        CompletableFuture<TestServer.Answer> answer = server.posting("/fn/" + function(), "{\"payload\":1}");
        awaitWaiting(1);

        assertThat(answered(answer).status()).isEqualTo(503);
        assertThat(answer.join().message()).contains("no slot");
        assertThat(server.runner.isIdle()).isTrue();
    }

    @Test
    void aFunctionThatDoesNotEndIs504AndIsStopped() {
        CompletableFuture<TestServer.Answer> answer = server.posting("/fn/" + function(), "{\"payload\":1}");
        Lease lease = server.runner.begun();

        assertThat(answered(answer).status()).isEqualTo(504);
        String id = answer.join().json().get("data").get("executionId").stringValue();
        assertThat(id).isEqualTo(lease.job().id());
        assertThat(lease.heartbeat().block()).isInstanceOf(HeartbeatReply.CancelRequested.class);
        TestRunner.settle(lease, new Outcome.Fail(Outcome.Cause.CANCELLED, "stopped"));
        JsonNode ended = server.get("/api/execution/" + id).data();
        assertThat(ended.get("status").intValue()).isEqualTo(4);
        assertThat(ended.get("reason").stringValue()).isEqualTo("Timeout");
    }

    @Test
    void aRunnerThatFallsSilentIsLost() {
        String function = function();
        String id = server.post("/api/execution/run/onetime/" + function, "{}").data().get("executionId")
                .stringValue();
        Lease lease = server.runner.begun();
        time.advanceTimeBy(Duration.ofSeconds(50));
        lease.heartbeat().block();
        time.advanceTimeBy(Duration.ofSeconds(50));
        assertThat(server.get("/api/execution/" + id).data().get("status").intValue()).isEqualTo(2);

        JsonNode lost = TestServer.until(() -> {
            time.advanceTimeBy(Duration.ofSeconds(10));
            return server.get("/api/execution/" + id).data();
        }, view -> view.get("status").intValue() == 4);
        assertThat(lost.get("reason").stringValue()).isEqualTo("RunnerLost");
        assertThat(lease.heartbeat().block()).isInstanceOf(HeartbeatReply.Lost.class);
    }
}
