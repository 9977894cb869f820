package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;

import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** What Prometheus has to keep does not grow with the fleet. */
class SeriesBudgetTest {
    @Test
    void tenThousandRunnersHaveTheSeriesOfTen() {
        Set<String> few = series(10);
        Set<String> many = series(10_000);

        assertThat(few).hasSizeGreaterThan(40).anyMatch(series -> series.startsWith("coxswain_runners[")).noneMatch(
                series -> series.contains("films-1"));
        assertThat(many).isEqualTo(few);
    }

    /** Of a fleet that has polled, run some jobs and had failures. */
    private static Set<String> series(int runners) {
        FleetBench bench = new FleetBench(7);
        ScriptedPlane plane = bench.plane("shorts");
        plane.answer = runner -> runner.endsWith("1")
                ? Mono.just(plane.job("ok 100"))
                : runner.endsWith("2") ? Mono.error(new IllegalStateException("no")) : ScriptedPlane.noJob();
        Fleet fleet = bench.pool("films", plane, runners).start(8);
        new FleetGauges(fleet, bench.meters, bench.clock).cover(fleet.plan());
        bench.pass(Duration.ofSeconds(5));
        assertThat(fleet.runners(null, null, 1).total()).isEqualTo(runners);
        assertThat(fleet.jobs(null, null, 1).total()).isPositive();
        Set<String> series = new TreeSet<>();
        bench.registry.forEachMeter(meter -> series.add(meter.getId().getName() + meter.getId().getTags()));
        return series;
    }
}
