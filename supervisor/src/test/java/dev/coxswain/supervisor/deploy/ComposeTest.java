package dev.coxswain.supervisor.deploy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.config.FleetFile;
import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** The services of the compose file fit together. */
class ComposeTest {
    private static final JsonNode COMPOSE = DeployFiles.yaml(DeployFiles.FOLDER.resolve("compose.yaml"));
    private static final Path PROMETHEUS = DeployFiles.FOLDER.resolve("compose/prometheus.yml");

    @TempDir
    Path folder = Path.of("");

    @Test
    void everyMountedFileIsThereAndEveryVolumeDeclared() {
        List<JsonNode> mounts = COMPOSE.path("services").valueStream()
                .flatMap(service -> service.path("volumes").valueStream()).toList();

        assertThat(mounts).hasSizeGreaterThan(8).allSatisfy(mount -> {
            String source = mount.asString().split(":")[0];
            if (source.startsWith(".")) {
                assertThat(DeployFiles.FOLDER.resolve(source).normalize()).exists();
            } else {
                assertThat(COMPOSE.path("volumes").has(source)).as(source).isTrue();
            }
        });
    }

    @Test
    void everyServiceThatIsNamedExists() {
        COMPOSE.path("services").propertyStream().forEach(service -> {
            service.getValue().path("depends_on").valueStream().forEach(
                    other -> assertThat(COMPOSE.path("services").has(other.asString())).isTrue());
            String network = service.getValue().path("network_mode").asString("");
            assertThat(network.isEmpty() || COMPOSE.path("services").has(network.replace("service:", ""))).isTrue();
            assertThat(service.getValue().path("image").asString()).matches("[a-z/]+:v?[0-9][^:]*");
        });
    }

    @Test
    void theFleetIsOneThatTheSupervisorTakesAndLeasesFromTheSimulator() throws Exception {
        FleetFile fleet = DeployFiles.fleet(DeployFiles.text(DeployFiles.FOLDER.resolve("compose/fleet.yaml")), folder);
        JsonNode simulator = service("simulator");
        String listen = after(simulator, "--listen");
        ControlPlaneConfig shorts = fleet.controlPlanes().values().iterator().next();

        assertThat(shorts.url().getPort()).isEqualTo(Integer.parseInt(listen.substring(listen.indexOf(':') + 1)));
        assertThat(shorts.protocol()).isEqualTo(after(simulator, "--protocol"));
        assertThat(service("supervisor").path("network_mode").asString()).isEqualTo("service:simulator");
        assertThat(DeployFiles.seconds(service("supervisor").path("stop_grace_period").asString()))
                .isEqualTo(fleet.drainGrace().plus(Duration.ofMinutes(1)));
        assertThat(mounts("supervisor").keySet()).contains(fleet.stateDir().toString(), fleet.workDir().toString(),
                "/etc/coxswain/config/fleet.yaml", "/etc/coxswain/credentials");
        assertThat(mounts("simulator").get("/var/lib/coxswain"))
                .isEqualTo(mounts("supervisor").get("/etc/coxswain/credentials"));
    }

    @Test
    void prometheusScrapesTheSupervisorAndGrafanaAsksPrometheus() throws Exception {
        JsonNode prometheus = DeployFiles.yaml(PROMETHEUS);
        FleetFile fleet = DeployFiles.fleet(DeployFiles.text(DeployFiles.FOLDER.resolve("compose/fleet.yaml")), folder);

        assertThat(prometheus.at("/scrape_configs/0/job_name").asString()).isEqualTo("coxswain");
        // it has the simulator's network, and with it its name
        assertThat(prometheus.at("/scrape_configs/0/static_configs/0/targets/0").asString())
                .isEqualTo("simulator:" + fleet.admin().metricsPort());
        assertThat(prometheus.path("rule_files").valueStream().map(JsonNode::asString))
                .allSatisfy(file -> assertThat(mounts("prometheus")).containsKey(file));
        assertThat(service("grafana").at("/environment/PROMETHEUS_URL").asString()).isEqualTo("http://prometheus:9090");
        assertThat(DeployFiles.text(DeployFiles.ROOT.resolve("grafana/provisioning/dashboards/coxswain.yaml")))
                .contains("path: " + mounts("grafana").entrySet().stream()
                        .filter(mount -> mount.getValue().endsWith("grafana/dashboards")).findFirst().orElseThrow()
                        .getKey());
    }

    @Test
    void promtoolTakesItsConfiguration() throws Exception {
        Tool.need("promtool", "prometheus");
        Path here = Files.writeString(folder.resolve("prometheus.yml"), DeployFiles.text(PROMETHEUS)
                .replace("/etc/prometheus/coxswain", DeployFiles.ROOT.resolve("grafana").toString()));

        Tool.End end = Tool.run(List.of("promtool", "check", "config", here.toString()));

        assertThat(end.code()).as(end.said()).isZero();
    }

    private static JsonNode service(String name) {
        return COMPOSE.path("services").path(name);
    }

    /** Where to, and from where. */
    private static Map<String, String> mounts(String service) {
        Map<String, String> mounts = new LinkedHashMap<>();
        service(service).path("volumes").valueStream().map(mount -> mount.asString().split(":"))
                .forEach(parts -> mounts.put(parts[1], parts[0]));
        return mounts;
    }

    private static String after(JsonNode service, String option) {
        List<String> words = service.path("command").valueStream().map(JsonNode::asString).toList();
        return words.get(words.indexOf(option) + 1);
    }
}
