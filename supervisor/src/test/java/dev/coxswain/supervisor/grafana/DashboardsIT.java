package dev.coxswain.supervisor.grafana;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.Main;
import dev.coxswain.supervisor.grafana.Dashboard.LabelValues;
import dev.coxswain.supervisor.grafana.Dashboard.Query;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Every query of every dashboard gets numbers from a real Prometheus that scrapes a real supervisor at work. */
class DashboardsIT {
    private static final Pattern METRICS = Pattern.compile("^metrics http://(127\\.0\\.0\\.1:[0-9]+)/metrics");
    /** A query that has no answer by then has none; a demo has something to show for all of them within seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Set<String> NO_NUMBERS = Set.of("NaN", "+Inf", "-Inf");
    private static final Duration LOOK = Duration.ofMillis(500);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void everyPanelHasNumbersAndEveryRuleCanBeEvaluated() throws Exception {
        Programs.need("prometheus");
        List<Dashboard> dashboards = GrafanaFiles.dashboards();
        Map<String, BooleanSupplier> waiting = new LinkedHashMap<>();
        try (ChildProcess demo = demo(); Prometheus prometheus = new Prometheus(folder, demo.address())) {
            for (Dashboard dashboard : dashboards) {
                for (Query query : dashboard.queries()) {
                    waiting.put(query.where() + ": " + query.filled(),
                            () -> hasNumber(prometheus.query(query.filled())));
                }
                for (LabelValues values : dashboard.labelValues()) {
                    waiting.put(values.where(), () -> !prometheus
                            .labelValues(values.filledSelector(), values.label()).isEmpty());
                }
            }
            waiting.put("the rules", () -> prometheus.ruleGroups().findValuesAsString("health").stream()
                    .noneMatch("unknown"::equals));
            int all = waiting.size();

            assertThat(withoutAnswer(waiting)).as("of %d; the demo said: %s", all, demo.said()).isEmpty();

            dashboards.forEach(dashboard -> dashboard.annotations()
                    .forEach(query -> assertThat(prometheus.query(query.filled()).isArray()).isTrue()));
            assertThat(rules(prometheus)).hasSizeGreaterThan(30).allSatisfy(
                    rule -> assertThat(rule.path("health").asString()).as(rule.toString()).isEqualTo("ok"));
        }
    }

    /** Asks what has no answer yet again and again, until all have one or the patience is over; then names the rest. */
    private static List<String> withoutAnswer(Map<String, BooleanSupplier> waiting) {
        long start = System.nanoTime();
        while (true) {
            waiting.values().removeIf(BooleanSupplier::getAsBoolean);
            if (waiting.isEmpty() || System.nanoTime() - start > PATIENCE.toNanos()) {
                return new ArrayList<>(waiting.keySet());
            }
            Mono.delay(LOOK).block();
        }
    }

    /** {@code NaN} is what a ratio or a percentile says that has seen nothing. */
    private static boolean hasNumber(JsonNode result) {
        return result.values().stream().map(series -> series.path("value").path(1).asString())
                .anyMatch(value -> !NO_NUMBERS.contains(value));
    }

    private static List<JsonNode> rules(Prometheus prometheus) {
        return prometheus.ruleGroups().values().stream().flatMap(group -> group.path("rules").values().stream())
                .toList();
    }

    /** Jobs for all simulated control planes, new ones for those that end, until it is closed. */
    private ChildProcess demo() throws Exception {
        Path temporary = Files.createDirectories(folder.resolve("tmp"));
        ProcessBuilder builder = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-Xmx256m",
                "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-Djava.io.tmpdir=" + temporary,
                "-Dlogback.configurationFile=logback.xml", "-cp", System.getProperty("java.class.path"),
                Main.class.getName(), "demo", "--jobs", "24", "--runners", "4").directory(folder.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("COX_") || name.startsWith("JAVA_"));
        builder.environment().put("COX_HOME", GrafanaFiles.ROOT.toString());
        return new ChildProcess(builder, METRICS);
    }
}
