package dev.coxswain.supervisor.coderunner;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class DefinitionsTest {
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

    @Test
    void aDefinitionIsMadeShownListedAndRemoved() {
        TestServer.Answer made = server.post("/api/definitions",
                "{\"name\":\" thumbs \",\"description\":\"small ones\",\"deploymentType\":1,\"languageType\":2,\"x\":1}");

        assertThat(made.status()).isEqualTo(200);
        assertThat(made.message()).isEqualTo("Code definition created");
        String id = made.data().get("id").stringValue();
        JsonNode shown = server.get("/api/definitions/" + id.toUpperCase(Locale.ROOT)).data();
        assertThat(shown.get("id").stringValue()).isEqualTo(id).isLowerCase();
        assertThat(shown.get("name").stringValue()).isEqualTo("thumbs");
        assertThat(shown.get("deploymentType").intValue()).isEqualTo(1);
        assertThat(shown.get("languageType").intValue()).isEqualTo(2);
        assertThat(shown.get("createdBy").stringValue()).isEqualTo("user-1");
        assertThat(shown.get("tenantId").stringValue()).isEqualTo(TestServer.WORKSPACE.toString());
        String second = server.definition(4);
        assertThat(server.get("/api/definitions").data().values().stream().map(each -> each.get("id").stringValue()))
                .containsExactly(second, id);
        assertThat(server.get("/api/definitions?pageSize=1&PAGE=2").data().get(0).get("id").stringValue())
                .isEqualTo(id);

        assertThat(server.delete("/api/definitions/" + id).data().get("id").stringValue()).isEqualTo(id);
        assertThat(server.get("/api/definitions/" + id).status()).isEqualTo(404);
        assertThat(server.delete("/api/definitions/" + id).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"NAME\":\"a\",\"DeploymentType\":\"2\",\"languagetype\":\"Python\"}",
            "{\"name\":\"a\",\"deploymentType\":\"backgroundjob\",\"languageType\":2}"})
    void trap04namesAndKindsAreReadInAnySpelling(String body) {
        JsonNode made = server.post("/api/definitions", body).data();

        assertThat(made.get("deploymentType").intValue()).isEqualTo(2);
        assertThat(made.get("languageType").intValue()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{", "{}", "{\"name\":\"a\"}",
            "{\"name\":\"\",\"deploymentType\":1,\"languageType\":1}",
            "{\"name\":\"  \",\"deploymentType\":1,\"languageType\":1}",
            "{\"name\":5,\"deploymentType\":1,\"languageType\":1}",
            "{\"name\":\"a\",\"deploymentType\":0,\"languageType\":1}",
            "{\"name\":\"a\",\"deploymentType\":5,\"languageType\":1}",
            "{\"name\":\"a\",\"deploymentType\":null,\"languageType\":1}",
            "{\"name\":\"a\",\"deploymentType\":1.5,\"languageType\":1}",
            "{\"name\":\"a\",\"deploymentType\":1,\"languageType\":4}",
            "{\"name\":\"a\",\"deploymentType\":1,\"languageType\":true}",
            "{\"name\":\"a\",\"Name\":\"b\",\"deploymentType\":1,\"languageType\":1}",
            "{\"name\":\"a\",\"name\":\"b\",\"deploymentType\":1,\"languageType\":1}",
            "{\"name\":\"a\",\"deploymentType\":1,\"languageType\":1} x"})
    void whatIsMalformedIs400WithTheEnvelope(String body) {
        TestServer.Answer answer = server.post("/api/definitions", body);

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.json().get("success").booleanValue()).isFalse();
        assertThat(answer.json().get("data").isNull()).isTrue();
        assertThat(answer.json().get("code").stringValue()).isEqualTo("Invalid");
        assertThat(answer.message()).isNotBlank();
    }

    @Test
    void limitsOfLengthAndNestingHold() {
        assertThat(server.post("/api/definitions", "{\"name\":\"" + "n".repeat(128)
                + "\",\"deploymentType\":1,\"languageType\":1}").status()).isEqualTo(200);
        assertThat(server.post("/api/definitions", "{\"name\":\"" + "n".repeat(129)
                + "\",\"deploymentType\":1,\"languageType\":1}").status()).isEqualTo(400);
        assertThat(server.post("/api/definitions", "[".repeat(10_000)).status()).isEqualTo(400);
        assertThat(server.post("/api/definitions", " ".repeat(70_000)).status()).isEqualTo(413);
        assertThat(server.send(server.request("/api/definitions").header("Content-Type", "text/xml")
                .POST(HttpRequest.BodyPublishers.ofString("<a/>"))).status()).isEqualTo(415);
    }

    @Test
    void anotherTenantsThingsAnswerLikeUnknownOnes() {
        String definition = server.definition(1);
        String version = server.version(definition);
        String deployment = server.deployment(definition, version);
        server.workspace = TestServer.OTHER.toString();

        for (String path : List.of("/api/definitions/", "/api/version/", "/api/deployment/", "/api/execution/")) {
            TestServer.Answer unknown = server.get(path + UUID.randomUUID());
            for (String id : List.of(definition, version, deployment)) {
                TestServer.Answer foreign = server.get(path + id);
                assertThat(foreign.status()).isEqualTo(404);
                assertThat(foreign.text()).isEqualTo(unknown.text());
            }
        }
        assertThat(server.get("/api/definitions").data().size()).isZero();
        assertThat(server.get("/api/version/definition?DefinitionId=" + definition).status()).isEqualTo(404);
        assertThat(server.upload(definition, Zips.of("index.js", "x")).status()).isEqualTo(404);
        assertThat(server.post("/api/execution/run/onetime/" + deployment, "{}").status()).isEqualTo(404);
        assertThat(server.post("/fn/" + definition, "{\"payload\":1}").status()).isEqualTo(404);
        assertThat(server.delete("/api/deployment/" + deployment).status()).isEqualTo(404);
        assertThat(server.deploy(definition, version, "{}").status()).isEqualTo(404);
    }

    @Test
    void aTenantHasSoManyDefinitions() {
        for (int i = 0; i < 100; i++) {
            server.definition(1);
        }
        TestServer.Answer tooMany = server.post("/api/definitions",
                "{\"name\":\"a\",\"deploymentType\":1,\"languageType\":1}");

        assertThat(tooMany.status()).isEqualTo(429);
        assertThat(tooMany.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void unknownPathsMethodsAndIdsHaveTheEnvelopeToo() {
        assertThat(server.get("/").status()).isEqualTo(404);
        assertThat(server.get("/api/definitions/not-a-uuid").status()).isEqualTo(400);
        assertThat(server.get("/api/definitions?page=0").status()).isEqualTo(400);
        assertThat(server.get("/api/definitions?pageSize=501").status()).isEqualTo(400);
        assertThat(server.delete("/api/definitions").status()).isEqualTo(405);
        assertThat(server.delete("/api/definitions").headers().firstValue("Allow")).hasValue("GET, POST");
        assertThat(server.get("/nothing").json().get("success").booleanValue()).isFalse();
    }

    @Test
    void headIsGetWithoutABody() {
        TestServer.Answer health = server.send(server.request("/health").method("HEAD",
                HttpRequest.BodyPublishers.noBody()));

        assertThat(health.status()).isEqualTo(200);
        assertThat(health.body()).isEmpty();
        assertThat(server.send(server.request("/api/execution/run/onetime/" + UUID.randomUUID()).method("HEAD",
                HttpRequest.BodyPublishers.noBody())).status()).isEqualTo(405);
    }

    @Test
    void aWholeAddressIsTakenForItsPath() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.base.getPort())) {
            socket.setSoTimeout((int) TestServer.PATIENCE.toMillis());
            socket.getOutputStream().write(("GET http://x:1/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));

            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(all).startsWith("HTTP/1.1 200").contains("Coderunner is up");
        }
    }

    @Test
    void healthNeedsNoHeadersAndTheRestDoes() {
        TestServer.Answer health = server.send(HttpRequest.newBuilder(server.base.resolve("/health")));

        assertThat(health.data().get("status").stringValue()).isEqualTo("up");
        assertThat(health.data().get("languages").size()).isEqualTo(3);
        assertThat(health.data().get("remarks").get(0).stringValue()).isEqualTo("cpu by weight only");
        assertThat(server.send(HttpRequest.newBuilder(server.base.resolve("/api/definitions"))).status())
                .isEqualTo(400);
    }
}
