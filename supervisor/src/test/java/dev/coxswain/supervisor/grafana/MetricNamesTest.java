package dev.coxswain.supervisor.grafana;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.grafana.Dashboard.Query;
import dev.coxswain.supervisor.grafana.PromQuery.Selector;
import dev.coxswain.supervisor.metrics.Exposition;
import dev.coxswain.supervisor.metrics.FleetMeters;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.ConnectionPoolMetrics;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Dashboards, rules and runbook name only metrics, labels and values that there are. */
class MetricNamesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern NAME = Pattern.compile("coxswain[_:][a-z0-9_:]+[a-z0-9]");
    @SuppressWarnings("NullAway.Init")
    private static KnownMetrics known;

    @BeforeAll
    static void lookAtARealExposition() {
        known = new KnownMetrics(scrape(), GrafanaFiles.rules(GrafanaFiles.RULES).stream()
                .map(rule -> rule.path("record").asString()).toList());
    }

    /** With what only shows when it has happened: a collection, and a connection. */
    private static String scrape() {
        try (Exposition exposition = new Exposition("1", Schedulers.parallel(), System::nanoTime)) {
            exposition.connectionPools().registerMetrics("calls", "1",
                    InetSocketAddress.createUnresolved("a.example", 1), new NoConnections());
            System.gc();
            return Objects
                    .requireNonNull(Flux.interval(Duration.ZERO, Duration.ofMillis(50), Schedulers.boundedElastic())
                            .onBackpressureDrop().map(tick -> exposition.scrape())
                            .filter(text -> text.contains("jvm_gc_pause_seconds_max")).blockFirst(PATIENCE));
        }
    }

    @Test
    void dashboardsNameOnlyWhatThereIs() {
        List<String> problems = new ArrayList<>();
        int queries = 0;
        for (Dashboard dashboard : GrafanaFiles.dashboards()) {
            for (Query query : Stream.concat(dashboard.queries().stream(), dashboard.annotations().stream()).toList()) {
                queries++;
                problems(query.where(), query.expression(), problems);
            }
            dashboard.labelValues().forEach(values -> {
                problems(values.where(), values.selector(), problems);
                if (!known.labelsOf(PromQuery.of(values.selector())).contains(values.label())) {
                    problems.add(values.where() + ": no label " + values.label());
                }
            });
        }
        assertThat(queries).isGreaterThan(100);
        assertThat(problems).isEmpty();
    }

    @Test
    void rulesNameOnlyWhatThereIs() {
        List<String> problems = new ArrayList<>();
        allRules().forEach(rule -> problems(rule.path("alert").asString(rule.path("record").asString("")),
                rule.path("expr").asString(), problems));

        assertThat(allRules()).hasSizeGreaterThan(30);
        assertThat(problems).isEmpty();
    }

    @Test
    void wordsForPeopleNameOnlyWhatThereIs() {
        List<String> named = new ArrayList<>(names(GrafanaFiles.runbook()));
        GrafanaFiles.dashboards().stream().flatMap(Dashboard::words).forEach(text -> named.addAll(names(text)));

        assertThat(named).isNotEmpty().allMatch(known::has);
    }

    @Test
    void everyMeterOfTheEnumIsShownOrWatched() {
        Set<FleetMeters> unseen = EnumSet.allOf(FleetMeters.class);
        Stream.concat(GrafanaFiles.dashboards().stream().flatMap(dashboard -> dashboard.queries().stream())
                .map(Query::expression), allRules().stream().map(rule -> rule.path("expr").asString()))
                .flatMap(expression -> PromQuery.of(expression).selectors().stream()).map(Selector::name)
                .forEach(name -> known.meter(name).ifPresent(unseen::remove));

        assertThat(unseen).isEmpty();
    }

    @Test
    void aNameALabelAndAValueThatThereAreNotAreFound() {
        assertThat(problemsOf("sum(rate(coxswain_jobs_ended_total[5m]))"))
                .containsExactly("here: there is no metric coxswain_jobs_ended_total");
        assertThat(problemsOf("up + coxswain_slots{executor=\"host\"}"))
                .containsExactly("here: coxswain_slots has no label executor");
        assertThat(problemsOf("coxswain_heartbeats_total{result=~\"renewed|late\"} > 1"))
                .containsExactly("here: coxswain_heartbeats_total has no result late");
        assertThat(problemsOf("sum by (pool) (coxswain_processes)"))
                .containsExactly("here: no metric has a label pool");
        assertThat(problemsOf("coxswain_job_duration_seconds")).isNotEmpty();
        assertThat(problemsOf("topk(3, sum without (pool) (coxswain_slots{pool!=\"a\"})) or vector(1e3)")).isEmpty();
    }

    private static List<String> problemsOf(String expression) {
        List<String> problems = new ArrayList<>();
        problems("here", expression, problems);
        return problems;
    }

    private static void problems(String where, String expression, List<String> problems) {
        PromQuery query = PromQuery.of(expression);
        query.selectors().forEach(selector -> known.problem(selector)
                .ifPresent(problem -> problems.add(where + ": " + problem)));
        query.groupings().stream().filter(label -> !known.labelsOf(query).contains(label))
                .forEach(label -> problems.add(where + ": no metric has a label " + label));
    }

    private static List<JsonNode> allRules() {
        return Stream.of(GrafanaFiles.RULES, GrafanaFiles.ALERTS)
                .flatMap(file -> GrafanaFiles.rules(file).stream()).toList();
    }

    private static List<String> names(String text) {
        return NAME.matcher(text).results().map(MatchResult::group).toList();
    }

    private record NoConnections() implements ConnectionPoolMetrics {
        @Override
        public int acquiredSize() {
            return 0;
        }

        @Override
        public int allocatedSize() {
            return 0;
        }

        @Override
        public int idleSize() {
            return 0;
        }

        @Override
        public int pendingAcquireSize() {
            return 0;
        }

        @Override
        public int maxAllocatedSize() {
            return 1;
        }

        @Override
        public int maxPendingAcquireSize() {
            return 1;
        }
    }
}
