package dev.coxswain.supervisor.coderunner;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.coderunner.access.AuthConfig;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** The server with a service token; what is checked in detail is {@code AccessTest}'s business. */
class AuthenticationTest {
    @TempDir
    Path dir;

    private TestServer begin(boolean isPublic) throws IOException {
        Path token = Files.writeString(dir.resolve("token"), "s3rvice\n");
        return new TestServer(dir, TestServer.config(CoderunnerLimits.DEFAULT,
                new AuthConfig(token, List.of(), null, false, null, null, false), isPublic));
    }

    private static HttpRequest.Builder trusted(HttpRequest.Builder request) {
        return request.header("Authorization", "Bearer s3rvice");
    }

    /** A function that was deployed by whoever may. */
    private static String function(TestServer server) {
        String definition = server.send(trusted(server.request("/api/definitions")).POST(HttpRequest.BodyPublishers
                .ofString("{\"name\":\"a\",\"deploymentType\":1,\"languageType\":1}"))).data().get("id").stringValue();
        String version = server.send(trusted(server.request("/api/file/" + definition + "/upload"))
                .header("Content-Type", "multipart/form-data; boundary=xyz")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Zips.multipart("xyz", Zips.of("index.js", "x"))))).data()
                .get("id").stringValue();
        TestServer.until(() -> server.send(trusted(server.request("/api/version/" + version))).data(),
                view -> view.get("status").intValue() == 3);
        server.send(trusted(server.request("/api/deployment/create")).POST(HttpRequest.BodyPublishers.ofString(
                "{\"definitionid\":\"" + definition + "\",\"VERSIONID\":\"" + version + "\"}"))).data();
        return definition;
    }

    @Test
    void withoutTheTokenEverythingIs401AndNothingIsLearnt() throws IOException {
        try (TestServer server = begin(false)) {
            String function = function(server);

            for (String path : List.of("/api/definitions", "/nothing", "/fn/" + function,
                    "/fn/" + UUID.randomUUID())) {
                TestServer.Answer answer = server.get(path);
                assertThat(answer.status()).as(path).isEqualTo(401);
                assertThat(answer.headers().firstValue("WWW-Authenticate")).as(path).hasValue("Bearer");
            }
            CompletableFuture<TestServer.Answer> called = server.sending(trusted(server.request("/fn/" + function)));
            server.runner.complete("1");
            assertThat(called.join().status()).isEqualTo(200);
        }
    }

    @Test
    void publicEndpointsOpenFunctionUrlsAndNothingElse() throws IOException {
        try (TestServer server = begin(true)) {
            String function = function(server);
            CompletableFuture<TestServer.Answer> called = server.sending(HttpRequest
                    .newBuilder(server.base.resolve("/fn/" + function)).header("Authorization", "Basic dXNlcg=="));

            JsonNode payload = server.runner.complete("1").get("payload");
            assertThat(payload.get("headers").get("authorization").stringValue()).as("the function's own business")
                    .isEqualTo("Basic dXNlcg==");
            assertThat(called.join().status()).isEqualTo(200);
            assertThat(server.get("/api/definitions").status()).isEqualTo(401);
            assertThat(server.post("/api/execution/run/onetime/" + function, "{}").status()).isEqualTo(401);
        }
    }
}
