package dev.coxswain.supervisor.coderunner;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.controlplane.Outcome;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FunctionUrlsTest {
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

    private String function() {
        String definition = server.definition(1);
        server.deployment(definition, server.version(definition));
        return definition;
    }

    @Test
    void theRunFormGivesAnEnvelope() {
        CompletableFuture<TestServer.Answer> answer = server.posting("/fn/" + function(), "{\"payload\":{\"a\":1}}");

        JsonNode given = server.runner.complete("{\"sum\":2}");

        assertThat(given.get("payload").toString()).isEqualTo("{\"a\":1}");
        assertThat(given.get("trigger").stringValue()).isEqualTo("http");
        assertThat(answer.join().status()).isEqualTo(200);
        assertThat(answer.join().data().get("result").get("sum").intValue()).isEqualTo(2);
        assertThat(answer.join().headers().firstValue("x-coderunner-execution-id"))
                .hasValue(given.get("executionId").stringValue());
        assertThat(answer.join().data().get("executionId")).isEqualTo(given.get("executionId"));
    }

    @Test
    void thePlainFormGivesTheRequestAndTakesAnAnswer() {
        CompletableFuture<TestServer.Answer> answer = server.sending(server
                .request("/fn/" + function() + "/a/b%20c?x=1&y=2&y=3").header("Authorization", "Bearer secret")
                .header("X-Forwarded-For", "6.6.6.6").header("X-Own", "own")
                .method("PUT", HttpRequest.BodyPublishers.ofString("{\"payload\":1,\"more\":2}")));

        JsonNode payload = server.runner.complete("{\"statusCode\":201,\"headers\":{\"X-A\":\"b\\r\\nX-C: d\","
                + "\"content-length\":\"1\",\"Set-Cookie\":[\"a=1\",\"b=2\"]},\"body\":\"made\"}").get("payload");

        assertThat(payload.get("method").stringValue()).isEqualTo("PUT");
        assertThat(payload.get("path").stringValue()).isEqualTo("/a/b%20c");
        assertThat(payload.get("query").toString()).isEqualTo("{\"x\":\"1\",\"y\":[\"2\",\"3\"]}");
        assertThat(payload.get("body").stringValue()).isEqualTo("{\"payload\":1,\"more\":2}");
        assertThat(payload.get("isBase64").booleanValue()).isFalse();
        assertThat(payload.get("headers").get("x-own").stringValue()).isEqualTo("own");
        assertThat(payload.get("headers").has("authorization")).as("the server's own token").isFalse();
        assertThat(payload.get("headers").get("x-forwarded-for").stringValue()).isEqualTo("127.0.0.1");
        assertThat(answer.join().status()).isEqualTo(201);
        assertThat(answer.join().text()).isEqualTo("made");
        assertThat(answer.join().headers().firstValue("x-a")).hasValue("b  X-C: d");
        assertThat(answer.join().headers().allValues("set-cookie")).containsExactly("a=1", "b=2");
        assertThat(answer.join().headers().firstValue("x-coderunner-execution-id")).isPresent();
    }

    @Test
    void aTrustedProxyMaySayWhoCalledIt() {
        server.close();
        CoderunnerConfig plain = TestServer.config(CoderunnerLimits.DEFAULT);
        server = new TestServer(dir, new CoderunnerConfig(plain.name(), plain.host(), 0, plain.publicUrl(),
                plain.auth(), false, new TrustedProxies(List.of("10.0.0.0/8", "127.0.0.1")), plain.limits()));
        CompletableFuture<TestServer.Answer> answer = server.sending(server.request("/fn/" + function())
                .header("X-Forwarded-For", "6.6.6.6, 10.1.1.1")
                .header("X-Forwarded-Proto", "https").header("X-Forwarded-Host", "example.org"));

        JsonNode headers = server.runner.complete("1").get("payload").get("headers");

        assertThat(headers.get("x-forwarded-for").stringValue()).isEqualTo("6.6.6.6, 10.1.1.1, 127.0.0.1");
        assertThat(headers.get("x-forwarded-proto").stringValue()).isEqualTo("https");
        assertThat(headers.get("x-forwarded-host").stringValue()).isEqualTo("example.org");
        assertThat(answer.join().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.org", "10.0.0.0/40", "10.0.0/x", "", "1.2.3", "::1/200"})
    void aProxyIsNamedByAnAddress(String network) {
        assertThatThrownBy(() -> TrustedProxies.rule(network)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bytesThatAreNoTextComeAsBase64BothWays() {
        CompletableFuture<TestServer.Answer> answer = server.sending(server.request("/fn/" + function())
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[]{(byte) 0xFF, 0, 1})));

        JsonNode payload = server.runner.complete("{\"statusCode\":200,\"isBase64\":true,\"body\":\"/wAC\"}")
                .get("payload");

        assertThat(payload.get("isBase64").booleanValue()).isTrue();
        assertThat(payload.get("body").stringValue()).isEqualTo("/wAB");
        assertThat(payload.get("path").stringValue()).isEqualTo("/");
        assertThat(answer.join().body()).containsExactly(0xFF, 0, 2);
    }

    @Test
    void anyOtherResultIsItsJson() {
        CompletableFuture<TestServer.Answer> answer = server.sending(server.request("/fn/" + function()));

        server.runner.complete("[1,2]");

        assertThat(answer.join().text()).isEqualTo("[1,2]");
        assertThat(answer.join().headers().firstValue("content-type")).hasValue("application/json");
    }

    @Test
    void aHandlerThatThrowsIs500WithTheFirstLine() {
        CompletableFuture<TestServer.Answer> answer = server.posting("/fn/" + function(), "{\"payload\":1}");

        server.runner.fail(Outcome.Cause.FAILURE, "[HandlerError] no such picture\n    at index.js:1");

        assertThat(answer.join().status()).isEqualTo(500);
        assertThat(answer.join().message()).isEqualTo("no such picture");
        assertThat(answer.join().json().get("code").stringValue()).isEqualTo("HandlerError");
        assertThat(answer.join().text()).doesNotContain("index.js");
        assertThat(answer.join().json().get("data").get("executionId").isString()).isTrue();
    }

    @Test
    void aHandlersTimeoutIs504WithTheExecution() {
        CompletableFuture<TestServer.Answer> answer = server.posting("/fn/" + function(), "{\"payload\":1}");

        server.runner.fail(Outcome.Cause.TIMEOUT, "[Timeout] longer than 30 s");

        assertThat(answer.join().status()).isEqualTo(504);
        assertThat(answer.join().json().get("data").get("executionId").isString()).isTrue();
    }

    @Test
    void aBadStatusCodeIsTheHandlersError() {
        CompletableFuture<TestServer.Answer> answer = server.sending(server.request("/fn/" + function()));

        server.runner.complete("{\"statusCode\":99}");

        assertThat(answer.join().status()).isEqualTo(500);
        assertThat(answer.join().json().get("code").stringValue()).isEqualTo("HandlerError");
    }

    @Test
    void aDeploymentCanBePinned() {
        String definition = server.definition(1);
        String first = server.deployment(definition, server.version(definition));
        CompletableFuture<TestServer.Answer> pinned = server.posting("/fn/d/" + first + "/x", "{\"payload\":1}");
        assertThat(server.runner.complete("1").get("deploymentId").stringValue()).isEqualTo(first);
        assertThat(pinned.join().status()).isEqualTo(200);

        String second = server.deployment(definition, server.version(definition));
        assertThat(server.get("/api/deployment/" + first).data().get("status").intValue()).isEqualTo(5);
        assertThat(server.post("/fn/d/" + first, "{\"payload\":1}").status()).isEqualTo(404);
        CompletableFuture<TestServer.Answer> current = server.posting("/fn/" + definition, "{\"payload\":1}");
        assertThat(server.runner.complete("1").get("deploymentId").stringValue()).isEqualTo(second);
        assertThat(current.join().status()).isEqualTo(200);
    }

    @Test
    void whatHasNoUrlIs404() {
        String job = server.definition(2);
        server.deployment(job, server.version(job));

        assertThat(server.post("/fn/" + job, "{\"payload\":1}").status()).isEqualTo(404);
        assertThat(server.post("/fn/" + server.definition(1), "{\"payload\":1}").status()).isEqualTo(404);
        assertThat(server.get("/fn/").status()).isEqualTo(404);
        assertThat(server.get("/fn/x/y").status()).isEqualTo(404);
        assertThat(server.get("/fn/d/").status()).isEqualTo(404);
    }

    @Test
    void trap08theEndpointIsOfThePublicBase() {
        String definition = server.definition(1);
        String deployment = server.deployment(definition, server.version(definition));

        JsonNode configuration = server.get("/api/deployment/" + deployment).data().get("configuration");

        assertThat(configuration.get("externalEndpoint").stringValue())
                .isEqualTo("https://functions.example.org/fn/" + definition);
    }

    @Test
    void whoLeavesTakesBackWhatHasNotBegun() throws IOException {
        String path = "/fn/" + function();
        try (Socket caller = new Socket(InetAddress.getLoopbackAddress(), server.base.getPort())) {
            caller.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: functions.example.org\r\nx-client-key: "
                    + server.workspace + "\r\nx-userid: u\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            server.runner.plane().arrivals().next().block(TestServer.PATIENCE);
        }

        TestServer.until(() -> server.get("/health").data().get("waiting").intValue(), waiting -> waiting == 0);
        assertThat(server.runner.isIdle()).isTrue();
    }
}
