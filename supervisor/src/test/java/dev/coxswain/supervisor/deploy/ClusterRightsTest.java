package dev.coxswain.supervisor.deploy;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.ClusterNeeds;
import dev.coxswain.supervisor.config.FleetFile;
import dev.coxswain.supervisor.doctor.ClusterNeed;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What a supervisor asks whether it is allowed to is what the manifests grant, and no more. */
class ClusterRightsTest {
    @TempDir
    Path folder = Path.of("");

    private List<ClusterNeed> needs(String overlay) throws Exception {
        JsonNode map = DeployFiles
                .yaml(DeployFiles.FOLDER.resolve("kubernetes/overlays/" + overlay + "/configmap.yaml"));
        FleetFile fleet = DeployFiles.fleet(map.at("/data/fleet.yaml").asString(), folder);
        return ClusterNeeds.of(fleet);
    }

    private static Set<String> granted(String file) {
        Set<String> granted = new HashSet<>();
        DeployFiles.documents(DeployFiles.text(DeployFiles.ROOT.resolve(file))).stream()
                .filter(each -> each.path("kind").asString("").equals("Role"))
                .forEach(role -> role.path("rules").forEach(rule -> rule.path("apiGroups").forEach(group -> rule
                        .path("resources").forEach(resource -> rule.path("verbs").forEach(verb -> granted.add(
                                verb.asString("") + " " + group.asString("") + "/" + resource.asString("")))))));
        return granted;
    }

    @Test
    void theRoleOfThePodsExecutorGrantsWhatIsAskedFor() throws Exception {
        assertThat(needs("pods-executor")).singleElement().satisfies(need -> {
            assertThat(need.namespace()).isEqualTo("coxswain-jobs");
            // events are looked at where that is allowed
            assertThat(granted(need.grantedBy())).isEqualTo(asked(need, "list /events"));
        });
    }

    @Test
    void theRoleOfShardingGrantsWhatIsAskedFor() throws Exception {
        assertThat(needs("sharded")).singleElement().satisfies(need -> {
            assertThat(need.namespace()).isNull();
            assertThat(granted(need.grantedBy())).isEqualTo(asked(need));
        });
    }

    private static Set<String> asked(ClusterNeed need, String... besides) {
        Set<String> asked = new HashSet<>(Set.of(besides));
        need.rights().forEach(right -> asked.add(right.verb() + " " + right.group() + "/" + right.resource()));
        return asked;
    }
}
