package dev.coxswain.supervisor.coderunner;

import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.supervisor.controlplane.FeedItem;
import dev.coxswain.supervisor.controlplane.JobFeed;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.Outcome;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

import static org.assertj.core.api.Assertions.assertThat;

class OpenApiTest {
    @TempDir
    Path dir;
    private TestServer server;
    private JsonNode document = NullNode.getInstance();

    @BeforeEach
    void start() {
        server = new TestServer(dir);
        document = server.send(HttpRequest.newBuilder(server.base.resolve("/openapi.json"))).json();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Every endpoint of the contract's table, and nothing beside them. */
    @Test
    void everyEndpointIsDescribed() {
        List<String> described = new ArrayList<>();
        document.get("paths").properties().forEach(path -> path.getValue().propertyNames()
                .forEach(method -> described.add(method + " " + path.getKey())));

        assertThat(described).containsExactlyInAnyOrder("post /api/definitions", "get /api/definitions",
                "get /api/definitions/{definitionId}", "delete /api/definitions/{definitionId}",
                "post /api/file/{definitionId}/upload", "get /api/version/definition",
                "get /api/version/{versionId}", "delete /api/version/{versionId}", "post /api/deployment/create",
                "get /api/deployment/definition", "get /api/deployment/{deploymentId}",
                "delete /api/deployment/{deploymentId}", "post /api/execution/run/onetime/{id}",
                "get /api/execution/deployment", "get /api/execution/{executionId}",
                "post /api/execution/{executionId}/cancel", "get /api/execution/{executionId}/logs",
                "get /api/deployment/{deploymentId}/logs", "get /health", "get /openapi.json",
                "post /fn/{definitionId}", "post /fn/d/{deploymentId}");
    }

    /** Each described operation is answered by a route: with anything but "no such path" and "wrong method". */
    @Test
    void everyDescribedEndpointIsThere() {
        document.get("paths").properties().forEach(path -> path.getValue().propertyNames().forEach(method -> {
            String url = path.getKey().replaceAll("\\{\\w+\\}", UUID.randomUUID().toString());
            TestServer.Answer answer = server.send(server.request(url).method(method.toUpperCase(Locale.ROOT),
                    HttpRequest.BodyPublishers.noBody()));
            assertThat(answer.status()).as(method + " " + url).isNotEqualTo(405);
            if (answer.status() == 404) {
                assertThat(answer.message()).as(method + " " + url).isNotEqualTo("there is no such path");
            }
        }));
    }

    @Test
    void everyReferenceLeadsToASchema() {
        document.findValues("$ref").forEach(reference -> assertThat(
                document.at(reference.stringValue().substring(1)).isObject()).as(reference.stringValue()).isTrue());
    }

    @Test
    void answersLookAsTheyAreDescribed() {
        String definition = server.definition(2);
        String version = server.version(definition);
        TestServer.Answer deployed = server.deploy(definition, version, "{}");
        String deployment = deployed.data().get("id").stringValue();
        TestServer.Answer begun = server.post("/api/execution/run/onetime/" + deployment, "{}");
        String execution = begun.data().get("executionId").stringValue();
        Lease lease = server.runner.begun();
        JobFeed feed = Objects.requireNonNull(lease.feed());
        feed.send(List.of(new FeedItem.Output(CommandEvent.Stream.STDERR, new byte[]{'x', '\n'})))
                .block(TestServer.PATIENCE);
        TestRunner.settle(lease, new Outcome.Complete("{\"result\":1}"));

        looksLike("Definition", server.get("/api/definitions/" + definition).data());
        looksLike("Version", server.get("/api/version/" + version).data());
        looksLike("UploadedVersion", server.upload(definition, Zips.of("index.js", "x")).data());
        looksLike("Deployment", deployed.data());
        looksLike("Begun", begun.data());
        looksLike("Execution", server.get("/api/execution/" + execution).data());
        looksLike("LogLine", server.get("/api/execution/" + execution + "/logs").data().get(0));
        looksLike("Health", server.get("/health").data());
        looksLike("Refusal", server.get("/api/version/" + UUID.randomUUID()).json());
        looksLike("Id", server.delete("/api/deployment/" + deployment).data());
    }

    private void looksLike(String schema, JsonNode value) {
        JsonNode described = document.get("components").get("schemas").get(schema);
        looksLike(schema, described, value);
    }

    private static void looksLike(String place, JsonNode described, JsonNode value) {
        List<String> required = described.get("required").values().stream().map(JsonNode::stringValue).toList();
        assertThat(value.propertyNames()).as(place).containsAll(required)
                .isSubsetOf(described.get("properties").propertyNames());
        described.get("properties").properties().forEach(property -> {
            JsonNode inner = value.get(property.getKey());
            String name = place + "." + property.getKey();
            if (inner != null && property.getValue().has("type")) {
                assertThat(types(property.getValue().get("type"))).as(name).contains(type(inner));
            }
            if (inner != null && inner.isObject() && property.getValue().has("properties")) {
                looksLike(name, property.getValue(), inner);
            }
        });
    }

    private static List<String> types(JsonNode type) {
        return type.isArray()
                ? type.values().stream().map(JsonNode::stringValue).toList()
                : List.of(type.stringValue());
    }

    private static String type(JsonNode value) {
        return value.isNull()
                ? "null"
                : value.isString()
                        ? "string"
                        : value.isBoolean()
                                ? "boolean"
                                : value.isIntegralNumber()
                                        ? "integer"
                                        : value.isArray()
                                                ? "array"
                                                : "object";
    }
}
