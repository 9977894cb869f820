package dev.coxswain.supervisor.grafana;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Each dashboard is built like the others, and each panel says what it shows, in which unit, and what to do. */
class DashboardsTest {
    private static final Set<String> KINDS = Set.of("timeseries", "stat", "gauge", "bargauge", "heatmap", "table");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([a-z][a-z_]*)");
    private static final Pattern SHOWN = Pattern.compile("\\{\\{(\\w+)\\}\\}");
    private static final Pattern ALERT = Pattern.compile("Coxswain[A-Z][A-Za-z]+");
    private static final String SOURCE = "${datasource}";

    static List<Dashboard> dashboards() {
        return GrafanaFiles.dashboards();
    }

    @Test
    void thereAreEightWithIdentitiesOfTheirOwn() {
        assertThat(dashboards()).extracting(dashboard -> dashboard.json().path("title").asString())
                .containsExactlyInAnyOrder("Coxswain / Fleet overview", "Coxswain / Leasing and control planes",
                        "Coxswain / Lease safety", "Coxswain / Jobs and SLO", "Coxswain / Logs and artifacts",
                        "Coxswain / Host and slots", "Coxswain / JVM and Reactor", "Coxswain / Functions");
        assertThat(dashboards()).extracting(dashboard -> dashboard.json().path("uid").asString())
                .doesNotHaveDuplicates().allMatch(uid -> uid.matches("coxswain-[a-z]+"));
    }

    @Test
    void theReadmeSaysWhereProvisioningLooksForThem() {
        String readme = GrafanaFiles.text(GrafanaFiles.ROOT.resolve("README.md"));
        JsonNode providers = GrafanaFiles.yaml(GrafanaFiles.FOLDER.resolve("provisioning/dashboards/coxswain.yaml"));
        JsonNode sources = GrafanaFiles.yaml(GrafanaFiles.FOLDER.resolve("provisioning/datasources/prometheus.yaml"));

        assertThat(readme).contains(
                "`" + providers.path("providers").path(0).path("options").path("path").asString() + "`",
                "`" + sources.path("datasources").path(0).path("url").asString().substring(1) + "`");
        assertThat(sources.path("datasources").path(0).path("type").asString()).isEqualTo("prometheus");
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void theFrameIsTheSameEverywhere(Dashboard dashboard) {
        JsonNode first = dashboards().getFirst().json();
        for (String key : List.of("tags", "schemaVersion", "graphTooltip", "timezone", "time", "refresh", "links",
                "annotations")) {
            assertThat(dashboard.json().path(key)).as(key).isEqualTo(first.path(key));
        }
        assertThat(first.path("schemaVersion").asInt()).isGreaterThanOrEqualTo(39);
        assertThat(dashboard.json().path("id").isMissingNode()).as("an id belongs to one Grafana").isTrue();
        assertThat(first.path("links").values().stream().map(link -> link.path("type").asString()))
                .containsExactly("dashboards", "link");
        for (JsonNode variable : dashboard.variables()) {
            String name = variable.path("name").asString();
            dashboards().stream().flatMap(other -> other.variables().stream())
                    .filter(other -> other.path("name").asString().equals(name))
                    .forEach(other -> assertThat(variable).isEqualTo(other));
        }
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void everyVariableIsUsedAndThereIsEveryOneThatIs(Dashboard dashboard) {
        Set<String> defined = dashboard.variables().stream().map(variable -> variable.path("name").asString())
                .collect(Collectors.toCollection(HashSet::new));
        Set<String> used = found(VARIABLE, dashboard.panels().toString());

        assertThat(used).isEqualTo(defined).contains("datasource", "instance");
        assertThat(dashboard.variables().getFirst().path("type").asString()).isEqualTo("datasource");
        assertThat(dashboard.variables().stream().skip(1)).allSatisfy(variable -> {
            assertThat(variable.path("includeAll").asBoolean()).isTrue();
            assertThat(variable.path("allValue").asString()).isEqualTo(".*");
        });
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void everyPanelSaysWhatItShowsAndWhatToDo(Dashboard dashboard) {
        assertThat(dashboard.json().path("description").asString()).isNotBlank();
        assertThat(dashboard.panels()).hasSizeGreaterThanOrEqualTo(10)
                .extracting(panel -> panel.path("title").asString()).doesNotHaveDuplicates()
                .allSatisfy(title -> assertThat(title).isNotBlank());
        for (JsonNode panel : dashboard.panels()) {
            String title = panel.path("title").asString();
            String kind = panel.path("type").asString();
            JsonNode defaults = panel.path("fieldConfig").path("defaults");
            assertThat(KINDS).as(title).contains(kind);
            assertThat(panel.path("description").asString()).as(title).hasSizeGreaterThan(40).endsWith(".");
            assertThat(panel.path("datasource").path("uid").asString()).as(title).isEqualTo(SOURCE);
            assertThat(defaults.path("unit").asString()).as(title).isNotBlank();
            if (kind.equals("stat") || kind.equals("gauge") || kind.equals("bargauge")) {
                assertThat(defaults.has("thresholds") || defaults.path("color").has("fixedColor")).as(title).isTrue();
            }
            if (defaults.path("custom").has("thresholdsStyle")) {
                assertThat(defaults.path("thresholds").path("steps")).as(title).hasSizeGreaterThan(1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void everyQueryHasALetterAFilterAndALegendThatItCanFill(Dashboard dashboard) {
        for (JsonNode panel : dashboard.panels()) {
            String title = panel.path("title").asString();
            assertThat(panel.path("targets")).as(title).isNotEmpty();
            assertThat(panel.path("targets").values()).as(title)
                    .extracting(target -> target.path("refId").asString()).doesNotHaveDuplicates();
            for (JsonNode target : panel.path("targets").values()) {
                String expression = target.path("expr").asString();
                assertThat(expression).as(title).matches(
                        ".*(\\$instance|ALERTS|coxswain:job_).*");
                assertThat(target.path("format").asString("").equals("table")).as(title)
                        .isEqualTo(panel.path("type").asString().equals("table"));
                assertThat(target.path("format").asString("").equals("heatmap")).as(title)
                        .isEqualTo(panel.path("type").asString().equals("heatmap"));
                assertThat(found(SHOWN, target.path("legendFormat").asString("")))
                        .as(title).allSatisfy(label -> assertThat(expression).contains(label));
                if (expression.contains("$__range")) {
                    assertThat(target.path("instant").asBoolean(false)).as(title).isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void noPanelLiesOnAnother(Dashboard dashboard) {
        List<String> taken = new ArrayList<>();
        for (JsonNode panel : dashboard.json().path("panels").values()) {
            JsonNode place = panel.path("gridPos");
            int right = place.path("x").asInt() + place.path("w").asInt();
            assertThat(right).isLessThanOrEqualTo(24);
            for (int x = place.path("x").asInt(); x < right; x++) {
                for (int y = place.path("y").asInt(); y < place.path("y").asInt() + place.path("h").asInt(); y++) {
                    taken.add(x + "," + y);
                }
            }
        }
        assertThat(taken).hasSizeGreaterThan(500).doesNotHaveDuplicates();
        assertThat(dashboard.json().path("panels").values()).extracting(panel -> panel.path("id").asInt())
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void everyAlertItNamesExists(Dashboard dashboard) {
        assertThat(dashboard.words().flatMap(text -> found(ALERT, text).stream()))
                .isSubsetOf(GrafanaFiles.alertNames());
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult match) -> match.groupCount() > 0
                ? match.group(1)
                : match.group()).collect(Collectors.toSet());
    }
}
