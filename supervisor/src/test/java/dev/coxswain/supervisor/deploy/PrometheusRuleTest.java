package dev.coxswain.supervisor.deploy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules and alerts of {@code grafana/} as the Prometheus operator takes them. Made from those files:
 * {@code mvn test -Dtest=PrometheusRuleTest -Dcoxswain.regenerate=true} writes it anew.
 */
class PrometheusRuleTest {
    private static final Path FILE = DeployFiles.FOLDER.resolve("kubernetes/monitoring/prometheusrule.yaml");
    private static final List<Path> SOURCES = List.of(DeployFiles.ROOT.resolve("grafana/rules.yaml"),
            DeployFiles.ROOT.resolve("grafana/alerts.yaml"));

    @Test
    void itIsWhatTheRuleFilesSay() throws Exception {
        StringBuilder made = new StringBuilder("""
                # Made from grafana/rules.yaml and grafana/alerts.yaml (PrometheusRuleTest); change those.
                apiVersion: monitoring.coreos.com/v1
                kind: PrometheusRule
                metadata:
                  name: coxswain
                  namespace: coxswain
                  labels: { app.kubernetes.io/name: coxswain }
                spec:
                  groups:
                """);
        for (Path source : SOURCES) {
            String text = DeployFiles.text(source);
            text.substring(text.indexOf("\ngroups:\n") + "\ngroups:\n".length()).lines()
                    .forEach(line -> made.append(line.isEmpty() ? "" : "  " + line).append('\n'));
        }
        if (Boolean.getBoolean("coxswain.regenerate")) {
            Files.writeString(FILE, made);
        }

        assertThat(FILE).as("stale: run the test with -Dcoxswain.regenerate=true").content().isEqualTo(made.toString());
    }

    @Test
    void itHoldsEveryGroupOnceAndNothingElse() {
        JsonNode rule = DeployFiles.yaml(FILE);
        List<JsonNode> groups = SOURCES.stream().flatMap(file -> DeployFiles.yaml(file).path("groups").valueStream())
                .toList();

        assertThat(rule.path("apiVersion").asString()).isEqualTo("monitoring.coreos.com/v1");
        assertThat(rule.at("/spec/groups").valueStream()).containsExactlyElementsOf(groups).hasSizeGreaterThan(5);
        assertThat(groups.stream().map(group -> group.path("name").asString())).doesNotHaveDuplicates();
    }
}
