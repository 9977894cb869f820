package dev.coxswain.supervisor.metrics;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FleetMetersTest {
    /** The only labels there may be: names from the configuration, names of calls in the code, and the build. */
    private static final Set<String> OPEN_LABELS = Set.of("control_plane", "pool", "executor", "operation", "version",
            "java");
    private static final Set<String> CLOSED_LABELS = Set.of("state", "reason", "result", "kind", "stage",
            "status_class",
            "resource");

    private final PrometheusMeterRegistry registry = Exposition.registry();
    private final Meters meters = new Meters(registry);

    @ParameterizedTest
    @EnumSource
    void namesKeepPrometheusRules(FleetMeters meter) {
        assertThat(meter.fullName()).matches("coxswain_[a-z]+(_[a-z]+)*");
        assertThat(meter.fullName().endsWith("_total")).isEqualTo(meter.kind() == FleetMeters.Kind.COUNTER);
        assertThat(meter.fullName()).doesNotMatch(".*_(count|sum|bucket|max|created|millis|ms|kib|mib|percent)$");
        if (meter.kind() == FleetMeters.Kind.TIMER) {
            assertThat(meter.fullName()).endsWith("_seconds");
        }
        assertThat(meter.help()).isNotBlank().doesNotEndWith(".").doesNotContain("\n");
    }

    @ParameterizedTest
    @EnumSource
    void noLabelIsAnId(FleetMeters meter) {
        assertThat(meter.labels()).doesNotHaveDuplicates().allMatch(OPEN_LABELS::contains);
        FleetMeters.Closed closed = meter.closed();
        if (closed != null) {
            assertThat(CLOSED_LABELS).contains(closed.label());
            assertThat(closed.allowed()).isNotEmpty().doesNotHaveDuplicates().allMatch(v -> v.matches("[a-z0-9_]+"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void histogramsHaveFewBordersInOrder(FleetMeters meter) {
        List<Duration> borders = List.of(meter.buckets().borders());
        assertThat(borders).isSorted().doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(13);
        assertThat(borders.isEmpty()).isEqualTo(meter.kind() != FleetMeters.Kind.TIMER);
    }

    @Test
    void prometheusSeesExactlyTheNamesOfTheEnumWithTheirTypes() {
        registerAll();
        Scrape scrape = Scrape.of(registry.scrape());

        Set<String> expected = Arrays.stream(FleetMeters.values()).map(FleetMeters::fullName)
                .collect(Collectors.toSet());
        Arrays.stream(FleetMeters.values()).filter(meter -> meter.kind() == FleetMeters.Kind.TIMER)
                .forEach(timer -> expected.add(timer.fullName() + "_max"));
        assertThat(scrape.types().keySet()).containsExactlyInAnyOrderElementsOf(expected);
        for (FleetMeters meter : FleetMeters.values()) {
            assertThat(scrape.types().get(meter.fullName())).as(meter.name()).isEqualTo(switch (meter.kind()) {
                case COUNTER -> "counter";
                case GAUGE -> "gauge";
                case TIMER -> "histogram";
            });
        }
    }

    @Test
    void everyClosedValueIsThereAtZeroFromTheStart() {
        registerAll();
        Scrape scrape = Scrape.of(registry.scrape());

        for (FleetMeters meter : FleetMeters.values()) {
            FleetMeters.Closed closed = meter.closed();
            if (closed == null) {
                continue;
            }
            String name = meter.fullName() + (meter.kind() == FleetMeters.Kind.TIMER ? "_count{" : "{");
            for (String value : closed.allowed()) {
                assertThat(scrape.series().entrySet())
                        .as("%s %s", meter, value).filteredOn(series -> series.getKey().startsWith(name)
                                && series.getKey().contains(closed.label() + "=\"" + value + "\""))
                        .singleElement().satisfies(series -> assertThat(series.getValue()).isZero());
            }
        }
    }

    @Test
    void aThousandJobsMakeNoNewSeries() {
        registerAll();
        int before = Scrape.of(registry.scrape()).series().size();
        for (int job = 0; job < 1_000; job++) {
            meters.counters(FleetMeters.JOBS_SETTLED, "x", "x").of("success").increment();
            meters.timer(FleetMeters.JOB_DURATION, "x").record(Duration.ofMillis(job));
        }

        Scrape after = Scrape.of(registry.scrape());
        assertThat(after.series()).hasSize(before);
        assertThat(after.value("coxswain_jobs_settled_total{control_plane=\"x\",pool=\"x\",result=\"success\"}"))
                .isEqualTo(1_000);
        assertThat(after.value("coxswain_job_duration_seconds_bucket{pool=\"x\",le=\"0.5\"}")).isEqualTo(501);
    }

    @Test
    void aGaugeAskedForAgainTakesThePlaceOfTheOldOne() {
        meters.gauge(FleetMeters.SLOTS, () -> 1, "a");
        meters.gauge(FleetMeters.SLOTS, () -> 2, "a");
        meters.stateGauge(FleetMeters.RUNNERS, "idle", () -> 3, "a");
        meters.stateGauge(FleetMeters.RUNNERS, "idle", () -> 4, "a");

        Scrape scrape = Scrape.of(registry.scrape());
        assertThat(scrape.value("coxswain_slots{pool=\"a\"}")).isEqualTo(2);
        assertThat(scrape.value("coxswain_runners{pool=\"a\",state=\"idle\"}")).isEqualTo(4);
    }

    @Test
    void theWrongKindOrLabelsAreABug() {
        assertThatThrownBy(() -> meters.counter(FleetMeters.SLOTS, "a")).hasMessageContaining("SLOTS is no COUNTER");
        assertThatThrownBy(() -> meters.counter(FleetMeters.LEASE_REQUESTS, "a"))
                .hasMessageContaining("has a closed label");
        assertThatThrownBy(() -> meters.counters(FleetMeters.JOBS_LEASED, "a", "b"))
                .hasMessageContaining("has no closed label");
        assertThatThrownBy(() -> meters.counter(FleetMeters.JOBS_LEASED, "a"))
                .hasMessageContaining("[control_plane, pool]");
        assertThatThrownBy(() -> meters.counters(FleetMeters.LEASE_REQUESTS, "a").of("maybe"))
                .hasMessageContaining("no value maybe");
        assertThatThrownBy(() -> meters.stateGauge(FleetMeters.RUNNERS, "asleep", () -> 1, "a"))
                .hasMessageContaining("no value asleep");
    }

    private void registerAll() {
        for (FleetMeters meter : FleetMeters.values()) {
            String[] values = meter.labels().stream().map(label -> "x").toArray(String[]::new);
            FleetMeters.Closed closed = meter.closed();
            switch (meter.kind()) {
                case COUNTER -> {
                    if (closed == null) {
                        assertThat(meters.counter(meter, values).count()).isZero();
                    } else {
                        assertThat(meters.counters(meter, values).members()).hasSameSizeAs(closed.allowed());
                    }
                }
                case TIMER -> {
                    if (closed == null) {
                        assertThat(meters.timer(meter, values).count()).isZero();
                    } else {
                        assertThat(meters.timers(meter, values).members()).hasSameSizeAs(closed.allowed());
                    }
                }
                case GAUGE -> {
                    if (closed == null) {
                        meters.gauge(meter, () -> 0, values);
                    } else {
                        closed.allowed().forEach(value -> meters.stateGauge(meter, value, () -> 0, values));
                    }
                }
            }
        }
    }
}
