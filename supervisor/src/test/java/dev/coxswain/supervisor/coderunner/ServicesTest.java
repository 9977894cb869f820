package dev.coxswain.supervisor.coderunner;

import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.Outcome;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.tcp.TcpServer;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class ServicesTest {
    @TempDir
    Path dir;
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private volatile boolean listens = true;
    private TestServer server;
    private final List<DisposableServer> programs = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() {
        server = begin();
    }

    private TestServer begin() {
        return new TestServer(dir, TestServer.config(CoderunnerLimits.DEFAULT), FleetClock.of(time), time,
                TestServer::entry, port -> Mono.fromSupplier(() -> listens));
    }

    @AfterEach
    void stop() {
        server.close();
        programs.forEach(program -> program.disposeNow(TestServer.PATIENCE));
    }

    private JsonNode deployment(String id) {
        return server.get("/api/deployment/" + id).data();
    }

    private void awaitStatus(String id, int status) {
        TestServer.until(() -> deployment(id), view -> view.get("status").intValue() == status);
    }

    /** Answers with what it got, and says which program it is. */
    private void listen(Lease lease, String name) {
        programs.add(HttpServer.create().host("127.0.0.1").port(TestRunner.document(lease).get("port").intValue())
                .handle((request, response) -> request.receive().aggregate().asString().defaultIfEmpty("")
                        .flatMap(body -> Mono.from(response.status(202).header("x-name", name).header("x-seen-auth",
                                String.valueOf(request.requestHeaders().contains("authorization")))
                                .sendString(Mono.just(request.method() + " " + request.uri() + " " + body)).then())))
                .bindNow());
    }

    @Test
    void aServiceIsReadyWhenItListensAndGetsItsRequests() {
        String definition = server.definition(4);
        String id = server.deployment(definition, server.version(definition));
        assertThat(server.get("/fn/" + definition).status()).isEqualTo(404);

        Lease lease = server.runner.lease();
        listen(lease, "one");
        JsonNode given = TestRunner.document(lease);
        assertThat(given.get("kind").stringValue()).isEqualTo("service");
        assertThat(given.get("trigger").stringValue()).isEqualTo("deployment");
        assertThat(given.get("timeoutMillis").longValue()).isZero();
        assertThat(deployment(id).get("status").intValue()).isEqualTo(2);
        assertThat(deployment(id).get("configuration").get("externalEndpoint").isNull()).isTrue();
        lease.begin().block();
        awaitStatus(id, 3);

        assertThat(deployment(id).get("configuration").get("externalEndpoint").stringValue()).endsWith(definition);
        TestServer.Answer answer = server.send(server.request("/fn/" + definition + "/a/b?c=d")
                .header("Authorization", "Bearer x").method("PATCH", HttpRequest.BodyPublishers.ofString("body")));
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.text()).isEqualTo("PATCH /a/b?c=d body");
        assertThat(answer.headers().firstValue("x-seen-auth")).hasValue("false");
        assertThat(answer.headers().firstValue("x-coderunner-execution-id"))
                .hasValue(given.get("executionId").stringValue());
        assertThat(server.post("/fn/d/" + id, "{\"payload\":1}").text()).isEqualTo("POST / {\"payload\":1}");
    }

    @Test
    void aServiceThatIsNotThereIs503() {
        String definition = server.definition(4);
        String id = server.deployment(definition, server.version(definition));
        server.runner.begun();
        awaitStatus(id, 3);

        TestServer.Answer answer = server.get("/fn/" + definition);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    /** Says these bytes to whoever asks anything, and closes. */
    private String saying(String bytes) {
        String definition = server.definition(4);
        String id = server.deployment(definition, server.version(definition));
        Lease lease = server.runner.lease();
        programs.add(TcpServer.create().host("127.0.0.1").port(TestRunner.document(lease).get("port").intValue())
                .handle((in, out) -> in.receive().next().then(out.sendString(Mono.just(bytes)).then())).bindNow());
        lease.begin().block();
        awaitStatus(id, 3);
        return definition;
    }

    @Test
    void hintsBeforeAnAnswerAreNotTheAnswerAndLongHeadersPass() {
        TestServer.Answer answer = server.get("/fn/" + saying("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                + "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nX-Long: " + "l".repeat(20_000)
                + "\r\nContent-Length: 2\r\n\r\nok"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("ok");
        assertThat(answer.headers().firstValue("x-long").orElseThrow()).hasSize(20_000);
        assertThat(answer.headers().firstValue("link")).isEmpty();
    }

    @Test
    void anAnswerThatBreaksOffHasNoCleanEnd() {
        String path = "/fn/" + saying("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");

        assertThat(server.sending(server.request(path))).failsWithin(TestServer.PATIENCE);
        assertThat(server.get("/health").status()).isEqualTo(200);
    }

    @Test
    void oneThatDoesNotListenInTimeIsStoppedAndStartedAgain() {
        listens = false;
        String definition = server.definition(4);
        String id = server.deployment(definition, server.version(definition));
        Lease lease = server.runner.begun();
        awaitStatus(id, 2);

        TestServer.until(() -> {
            time.advanceTimeBy(Duration.ofSeconds(10));
            return Objects.requireNonNull(lease.heartbeat().block());
        }, beat -> beat instanceof HeartbeatReply.CancelRequested);
        TestRunner.settle(lease, new Outcome.Fail(Outcome.Cause.CANCELLED, "stopped"));
        awaitStatus(id, 4);
        assertThat(deployment(id).get("statusMessage").stringValue()).contains("60 s");
        assertThat(server.get("/api/execution/deployment?DeploymentId=" + id).data().get(0).get("reason")
                .stringValue()).isEqualTo("NotReady");

        listens = true;
        Lease again = nextStart();
        again.begin().block();
        awaitStatus(id, 3);
    }

    /** The next start, whenever its pause is over; in small steps, or an end that is not heard of yet would be no quick one. */
    private Lease nextStart() {
        TestServer.until(() -> {
            time.advanceTimeBy(Duration.ofSeconds(1));
            return server.get("/health").data().get("waiting").intValue();
        }, waiting -> waiting == 1);
        return server.runner.lease();
    }

    @Test
    void oneThatEndedIsStartingUntilItListensAgain() {
        String definition = server.definition(4);
        String id = server.deployment(definition, server.version(definition));
        Lease lease = server.runner.begun();
        awaitStatus(id, 3);

        TestRunner.settle(lease, new Outcome.Complete("{\"result\":null,\"exitCode\":1}"));

        awaitStatus(id, 2);
        assertThat(deployment(id).get("statusMessage").stringValue()).contains("exit code 1");
        assertThat(deployment(id).get("configuration").get("externalEndpoint").stringValue()).endsWith(definition);
        assertThat(server.get("/fn/" + definition).status()).isEqualTo(503);
        nextStart().begin().block();
        awaitStatus(id, 3);
        assertThat(deployment(id).get("statusMessage").isNull()).isTrue();
    }

    @Test
    void fiveQuickEndsShowAndTheTriesGoOn() {
        String definition = server.definition(4);
        String id = server.deployment(definition, server.version(definition));
        Lease lease = server.runner.begun();
        for (int i = 0; i < 5; i++) {
            awaitStatus(id, 3);
            TestRunner.settle(lease, new Outcome.Complete("{\"result\":null,\"exitCode\":1}"));
            lease = nextStart();
            if (i < 4) {
                lease.begin().block();
            }
        }

        assertThat(deployment(id).get("status").intValue()).isEqualTo(4);
        assertThat(deployment(id).get("statusMessage").stringValue()).contains("exit code 1");
        lease.begin().block();
        awaitStatus(id, 3);
        assertThat(deployment(id).get("statusMessage").isNull()).isTrue();
    }

    @Test
    void aReplacementTakesOverWithoutAGapWhenItIsReady() {
        String definition = server.definition(4);
        String version = server.version(definition);
        String first = server.deployment(definition, version);
        Lease old = server.runner.begun();
        listen(old, "old");
        awaitStatus(first, 3);
        String second = server.deployment(definition, version);
        Lease fresh = server.runner.lease();
        listen(fresh, "new");
        assertThat(server.get("/fn/" + definition).headers().firstValue("x-name")).hasValue("old");

        fresh.begin().block();
        awaitStatus(second, 3);

        assertThat(server.get("/fn/" + definition).headers().firstValue("x-name")).hasValue("new");
        assertThat(deployment(first).get("status").intValue()).isEqualTo(5);
        TestServer.until(() -> {
            time.advanceTimeBy(Duration.ofSeconds(1));
            fresh.heartbeat().block();
            return Objects.requireNonNull(old.heartbeat().block());
        }, beat -> beat instanceof HeartbeatReply.CancelRequested);
        TestRunner.settle(old, new Outcome.Fail(Outcome.Cause.CANCELLED, "stopped"));
        // past any pause, and before the new one counts as silent
        time.advanceTimeBy(Duration.ofSeconds(30));
        assertThat(server.runner.isIdle()).as("the old one is not started again").isTrue();
    }

    @Test
    void thoseThatNeverGetReadyCountAsWell() {
        listens = false;
        String definition = server.definition(4);
        String version = server.version(definition);
        for (int i = 0; i < 20; i++) {
            assertThat(server.deploy(definition, version, "{}").status()).isEqualTo(200);
        }
        assertThat(server.deploy(definition, version, "{}").status()).as("one more, in place of the last")
                .isEqualTo(200);

        TestServer.Answer tooMany = server.deploy(definition, version, "{}");

        assertThat(tooMany.status()).isEqualTo(429);
        assertThat(tooMany.message()).contains("20 active deployments");
        assertThat(tooMany.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void stoppingADeploymentStopsItsProcess() {
        String definition = server.definition(4);
        String id = server.deployment(definition, server.version(definition));
        Lease lease = server.runner.begun();
        awaitStatus(id, 3);

        server.delete("/api/deployment/" + id);

        assertThat(server.get("/fn/" + definition).status()).isEqualTo(404);
        TestServer.until(() -> {
            time.advanceTimeBy(Duration.ofSeconds(1));
            return Objects.requireNonNull(lease.heartbeat().block());
        }, beat -> beat instanceof HeartbeatReply.CancelRequested);
        assertThat(server.delete("/api/deployment/" + id).status()).isEqualTo(200);
    }

    @Test
    void trap20whatIsWantedIsStoppedWithTheServerAndStartedAgainWithIt() {
        String definition = server.definition(4);
        String id = server.deployment(definition, server.version(definition));
        Lease lease = server.runner.begun();
        awaitStatus(id, 3);

        server.server.drain().block(TestServer.PATIENCE);
        assertThat(lease.heartbeat().block()).isInstanceOf(HeartbeatReply.CancelRequested.class);
        assertThat(server.get("/fn/" + definition).status()).isEqualTo(503);
        TestRunner.settle(lease, new Outcome.Fail(Outcome.Cause.CANCELLED, "drained"));
        server.close();
        server = begin();

        Lease again = server.runner.lease();
        assertThat(TestRunner.document(again).get("deploymentId").stringValue()).isEqualTo(id);
        assertThat(deployment(id).get("status").intValue()).as("starting").isEqualTo(2);
        again.begin().block();
        awaitStatus(id, 3);
    }
}
