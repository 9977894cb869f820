package dev.coxswain.supervisor.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;

import dev.coxswain.supervisor.simulator.LocalRepository;
import dev.coxswain.supervisor.simulator.Simulator;
import dev.coxswain.supervisor.simulator.SimulatorConfig;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** A simulated Oore daemon about a real repository, and a person who looks at it. */
final class OoreDaemon implements AutoCloseable {
    static final String OORE = "oore";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Simulator simulator;
    private final HttpClient client = HttpClient.newHttpClient();

    /** What signs for Android, and the password of it. */
    record Material(String keystore, String password) {}

    /** With two runners. */
    OoreDaemon(LocalRepository repository, int builds) {
        simulator = Objects.requireNonNull(new Simulator(SimulatorConfig.defaults().withProtocols(List.of(OORE))
                .withJobs(builds).withArrival(Duration.ofMillis(1)).withTokens(2).withKeepContent(1 << 20)
                .withRepository(repository)).start().block());
    }

    Simulator simulator() {
        return simulator;
    }

    URI url() {
        return simulator.url(OORE);
    }

    /** {@code <runnerId> <token>} */
    String runner(int number) {
        return simulator.credentials(OORE).get(number);
    }

    /** Takes the next two builds as the second runner does, and fails them; the second one is signed. */
    Material material() {
        String[] runner = runner(1).split(" ");
        String path = "/v1/runners/" + runner[0];
        JsonNode material = JSON.missingNode();
        for (int i = 0; i < 2; i++) {
            JsonNode job = send("POST", path + "/claim", runner[1], "", "{\"protocol_version\":4}").path("job");
            String build = path + "/jobs/" + job.path("build_id").stringValue();
            send("POST", build + "/status", runner[1], "", "{\"status\":\"running\"}");
            material = send("GET", build + "/android-signing", runner[1], job.path("signing_token").stringValue(), "")
                    .path("release");
            send("POST", build + "/status", runner[1], "",
                    "{\"status\":\"failed\",\"exit_code\":1,\"error_message\":\"only looking\"}");
        }
        return new Material(material.path("keystore_base64").stringValue(),
                material.path("store_password").stringValue());
    }

    /** All builds, by their number. */
    List<JsonNode> builds() {
        return StreamSupport.stream(send("GET", "/v1/_sim/builds", owner(), "", "").spliterator(), false)
                .sorted((a, b) -> Integer.compare(a.path("build_number").asInt(), b.path("build_number").asInt()))
                .toList();
    }

    JsonNode build(int number) {
        return builds().get(number - 1);
    }

    static String log(JsonNode build) {
        return String.join("\n", build.path("log").valueStream().map(JsonNode::stringValue).toList());
    }

    /** As a person does it on the page. */
    void cancel(String build) {
        assertThat(send("POST", "/v1/_sim/levers", owner(), "", "{\"cancel\":\"" + build + "\"}").path("canceled")
                .asBoolean()).isTrue();
    }

    private String owner() {
        return Objects.requireNonNull(simulator.idTokens(OORE).get("oore-owner"));
    }

    private JsonNode send(String method, String path, String token, String grant, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path)).timeout(PATIENCE)
                .header("Authorization", "Bearer " + token).header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!grant.isEmpty()) {
            request.header("x-oore-signing-token", grant);
        }
        try {
            HttpResponse<String> answer = client.send(request.build(),
                    HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            assertThat(answer.statusCode()).as(method + " " + path + ": " + answer.body()).isEqualTo(200);
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        simulator.stop().block();
    }
}
