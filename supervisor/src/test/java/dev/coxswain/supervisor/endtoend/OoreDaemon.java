package dev.coxswain.supervisor.endtoend;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

    private final Simulator simulator;
    private final Person person = new Person();

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
        return person.send(method, url() + path, token,
                grant.isEmpty() ? Map.of() : Map.of("x-oore-signing-token", grant), body, 200);
    }

    @Override
    public void close() {
        person.close();
        simulator.stop().block();
    }
}
