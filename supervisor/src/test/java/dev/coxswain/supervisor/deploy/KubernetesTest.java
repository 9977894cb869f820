package dev.coxswain.supervisor.deploy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.config.ConfigException;
import dev.coxswain.supervisor.config.FleetFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What kubectl renders of the manifests is right by the Kubernetes client's own models, and fits together. */
class KubernetesTest {
    /** What the README has people make by hand, because nobody else has it. */
    private static final String CREDENTIALS = "coxswain-credentials";

    @TempDir
    Path folder = Path.of("");

    @BeforeAll
    static void kubectl() {
        Tool.need("kubectl", "kubernetes-client");
    }

    @ParameterizedTest
    @ValueSource(strings = {"overlays/single", "overlays/sharded", "overlays/pods-executor", "scaling/hpa"})
    void everyDocumentIsOneThatTheApiKnows(String overlay) throws Exception {
        Rendering rendering = Rendering.of(overlay);

        assertThat(rendering.documents()).isNotEmpty().allSatisfy(StrictModels::read);
    }

    @Test
    void aFieldThatTheApiDoesNotKnowIsSeen() throws Exception {
        JsonNode set = Rendering.of("overlays/single").get("StatefulSet", "coxswain", "coxswain").deepCopy();
        ((ObjectNode) set.at("/spec/template/spec/containers/0/livenessProbe")).put("periodSecond", 1);

        assertThatThrownBy(() -> StrictModels.read(set)).isInstanceOf(JacksonException.class)
                .hasMessageContaining("periodSecond");
    }

    @ParameterizedTest
    @ValueSource(strings = {"overlays/single", "overlays/sharded", "overlays/pods-executor"})
    void namesLabelsAndPortsLeadSomewhere(String overlay) throws Exception {
        Rendering rendering = Rendering.of(overlay);
        JsonNode template = rendering.template();
        JsonNode set = rendering.get("StatefulSet", "coxswain", "coxswain");

        List<JsonNode> selectors = new ArrayList<>(List.of(set.at("/spec/selector/matchLabels"),
                rendering.get("NetworkPolicy", "coxswain", "coxswain").at("/spec/podSelector/matchLabels"),
                rendering.get("PodDisruptionBudget", "coxswain", "coxswain").at("/spec/selector/matchLabels")));
        rendering.kind("Service").map(service -> service.at("/spec/selector")).forEach(selectors::add);
        template.at("/spec/topologySpreadConstraints").valueStream()
                .map(spread -> spread.at("/labelSelector/matchLabels")).forEach(selectors::add);
        assertThat(selectors).hasSizeGreaterThanOrEqualTo(5).allSatisfy(selector -> {
            assertThat(selector.isEmpty()).isFalse();
            assertThat(template.at("/metadata/labels").properties()).containsAll(selector.properties());
        });
        assertThat(rendering.find("Service", "coxswain", set.at("/spec/serviceName").asString())).isNotNull();
        Set<String> ports = Set.copyOf(texts(rendering.container().path("ports"), "name"));
        assertThat(ports).containsExactly("metrics");
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(rendering.container().path(probe).at("/httpGet/port").asString()).as(probe).isIn(ports);
            assertThat(rendering.container().path(probe).at("/httpGet/path").asString()).matches("/livez|/readyz");
        }
        rendering.kind("Service").flatMap(service -> service.at("/spec/ports").valueStream())
                .forEach(port -> assertThat(port.path("targetPort").asString()).isIn(ports));
        rendering.documents().stream().filter(document -> document.at("/metadata/namespace").isString())
                .forEach(document -> assertThat(
                        rendering.find("Namespace", "", document.at("/metadata/namespace").asString())).isNotNull());
    }

    @ParameterizedTest
    @ValueSource(strings = {"overlays/single", "overlays/sharded", "overlays/pods-executor"})
    void everythingThatAPodRefersToIsThere(String overlay) throws Exception {
        Rendering rendering = Rendering.of(overlay);
        JsonNode spec = rendering.template().path("spec");

        Set<String> volumes = Set.copyOf(Stream.concat(texts(spec.path("volumes"), "name").stream(),
                rendering.get("StatefulSet", "coxswain", "coxswain").at("/spec/volumeClaimTemplates").valueStream()
                        .map(claim -> claim.at("/metadata/name").asString()))
                .toList());
        assertThat(texts(rendering.container().path("volumeMounts"), "name"))
                .containsExactlyInAnyOrderElementsOf(volumes);
        spec.path("volumes").valueStream().forEach(volume -> {
            String map = volume.at("/configMap/name").asString("");
            String secret = volume.at("/secret/secretName").asString("");
            assertThat(map.isEmpty() || rendering.find("ConfigMap", "coxswain", map) != null).as(map).isTrue();
            assertThat(secret).isIn("", CREDENTIALS);
        });
        assertThat(DeployFiles.text(DeployFiles.FOLDER.resolve("README.md")))
                .contains("create secret generic " + CREDENTIALS + " --from-file=runners.tokens");
        assertThat(rendering.find("ServiceAccount", "coxswain", spec.path("serviceAccountName").asString()))
                .isNotNull();
        rendering.kind("RoleBinding").forEach(binding -> {
            assertThat(rendering.find("Role", binding.at("/metadata/namespace").asString(),
                    binding.at("/roleRef/name").asString())).isNotNull();
            assertThat(rendering.find("ServiceAccount", binding.at("/subjects/0/namespace").asString(),
                    binding.at("/subjects/0/name").asString())).isNotNull();
        });
        assertThat(rendering.container().path("env").valueStream().filter(each -> each.has("valueFrom"))
                .map(each -> each.path("name").asString() + "=" + each.at("/valueFrom/fieldRef/fieldPath").asString()))
                .containsExactly("POD_NAME=metadata.name", "POD_NAMESPACE=metadata.namespace", "POD_UID=metadata.uid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"overlays/single", "overlays/sharded", "overlays/pods-executor"})
    void thePodIsClosed(String overlay) throws Exception {
        Rendering rendering = Rendering.of(overlay);
        JsonNode pod = rendering.template().at("/spec/securityContext");
        JsonNode container = rendering.container().path("securityContext");

        assertThat(pod.path("runAsNonRoot").asBoolean()).isTrue();
        assertThat(DeployFiles.text(DeployFiles.FOLDER.resolve("Dockerfile")))
                .contains("USER " + pod.path("runAsUser").asInt() + ":" + pod.path("runAsGroup").asInt());
        assertThat(pod.at("/seccompProfile/type").asString()).isEqualTo("RuntimeDefault");
        assertThat(container.path("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(container.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(container.at("/capabilities/drop/0").asString()).isEqualTo("ALL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"overlays/single", "overlays/sharded", "overlays/pods-executor"})
    void theFleetIsOneThatTheSupervisorTakesAndThePodFitsTo(String overlay) throws Exception {
        Rendering rendering = Rendering.of(overlay);
        FleetFile fleet = fleet(rendering.fleetYaml());

        assertThat(fleet.name()).isEqualTo("coxswain-0");
        assertThat(Duration.ofSeconds(rendering.template().at("/spec/terminationGracePeriodSeconds").asLong()))
                .isEqualTo(fleet.drainGrace().plus(Duration.ofMinutes(1)));
        assertThat(fleet.admin().metricsPort()).isEqualTo(rendering.container().at("/ports/0/containerPort").asInt());
        assertThat(texts(rendering.container().path("volumeMounts"), "mountPath"))
                .contains(fleet.stateDir().toString(), fleet.workDir().toString());
        assertThat(rendering.container().path("args").valueStream().map(JsonNode::asString))
                .containsExactly("run", "-c", "/etc/coxswain/config/fleet.yaml");
    }

    @ParameterizedTest
    @ValueSource(strings = {"overlays/single", "overlays/sharded", "overlays/pods-executor"})
    void onlyWhoNeedsTheApiServerGetsAToken(String overlay) throws Exception {
        Rendering rendering = Rendering.of(overlay);

        assertThat(rendering.template().at("/spec/automountServiceAccountToken").asBoolean())
                .isEqualTo(rendering.kind("Role").findAny().isPresent());
        rendering.kind("Role").flatMap(role -> role.path("rules").valueStream()).forEach(rule -> assertThat(
                Stream.of("apiGroups", "resources", "verbs").flatMap(part -> rule.path(part).valueStream())
                        .map(JsonNode::asString))
                .doesNotContain("*", "secrets", "escalate"));
    }

    @Test
    void whatScalesAndWatchesPointsAtTheFleet() throws Exception {
        JsonNode scaled = Rendering.of("scaling/keda").get("ScaledObject", "coxswain", "coxswain");
        JsonNode hpa = Rendering.of("scaling/hpa").get("HorizontalPodAutoscaler", "coxswain", "coxswain");
        Rendering fleet = Rendering.of("overlays/sharded");
        JsonNode monitor = Rendering.of("monitoring").kind("ServiceMonitor").findFirst().orElseThrow();

        assertThat(scaled.path("apiVersion").asString()).isEqualTo("keda.sh/v1alpha1");
        for (JsonNode scaler : List.of(scaled, hpa)) {
            JsonNode target = scaler.at("/spec/scaleTargetRef");
            assertThat(fleet.find(target.path("kind").asString(), "coxswain", target.path("name").asString()))
                    .isNotNull();
        }
        assertThat(scaled.at("/spec/triggers/0/metadata").propertyNames()).contains("serverAddress", "query",
                "threshold");
        assertThat(Double.parseDouble(scaled.at("/spec/triggers/0/metadata/threshold").asString()))
                .isEqualTo(0.7 * DeployFiles.documents(fleet.fleetYaml()).getFirst().at("/slots/total").asInt());
        assertThat(scaled.at("/spec/triggers/0/metadata/query").asString())
                .contains("coxswain_slots_used{", "namespace=\"coxswain\"");
        assertThat(DeployFiles.text(DeployFiles.ROOT.resolve("grafana/metrics.md")))
                .contains("| `coxswain_slots_used` |");
        JsonNode labels = monitor.at("/spec/selector/matchLabels");
        List<JsonNode> seen = fleet.kind("Service")
                .filter(service -> service.at("/metadata/labels").properties().containsAll(labels.properties()))
                .toList();
        assertThat(seen).singleElement().satisfies(service -> assertThat(texts(service.at("/spec/ports"), "name"))
                .contains(monitor.at("/spec/endpoints/0/port").asString()));
    }

    /** An apply that says how many there are would end what an autoscaler has added. */
    @ParameterizedTest
    @ValueSource(strings = {"scaling/hpa", "scaling/keda"})
    void whatIsScaledIsTheShardedFleetWithoutANumber(String scaling) throws Exception {
        JsonNode sharded = Rendering.of("overlays/sharded").get("StatefulSet", "coxswain", "coxswain").deepCopy();
        JsonNode scaled = Rendering.of(scaling).get("StatefulSet", "coxswain", "coxswain");

        assertThat(((ObjectNode) sharded.path("spec")).remove("replicas").asInt()).isGreaterThan(1);
        assertThat(scaled).isEqualTo(sharded);
        assertThat(Rendering.of(scaling).fleetYaml()).isEqualTo(Rendering.of("overlays/sharded").fleetYaml());
    }

    /** A version whose reader does not know what an overlay is about yet is asked about the rest. */
    private FleetFile fleet(String yaml) throws IOException {
        try {
            return DeployFiles.fleet(yaml, folder);
        } catch (ConfigException e) {
            assertThat(e.problems()).allSatisfy(
                    problem -> assertThat(problem.toString()).contains("is not in this version"));
            return DeployFiles.fleet(yaml.replace("sharding: { mode: kubernetes }", "sharding: { mode: none }")
                    .replaceAll("(?m)^    kind: kubernetes\n(?:    \\S.*\n)+", "    kind: process\n"), folder);
        }
    }

    private static List<String> texts(JsonNode list, String field) {
        return list.valueStream().map(each -> each.path(field).asString()).toList();
    }
}
