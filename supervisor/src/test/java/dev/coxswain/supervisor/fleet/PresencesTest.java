package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Presence;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** Telling a control plane that runners are there, in virtual time. */
class PresencesTest {
    private static final Duration EVERY = Duration.ofSeconds(30);

    private final FleetBench bench = new FleetBench(3);
    private final ScriptedPlane plane = bench.plane("plane");

    PresencesTest() {
        plane.presenceInterval = EVERY;
    }

    private List<Presence> of(String runner) {
        return plane.presences.stream().filter(told -> told.runner().equals(runner))
                .map(ScriptedPlane.Present::presence).toList();
    }

    @Test
    void idleRunnersAreToldOfInEachIntervalEvenly() {
        bench.pool("pool", plane, 120).start(4);

        bench.pass(Duration.ofMinutes(10));

        assertThat(plane.presences.stream().collect(Collectors.groupingBy(ScriptedPlane.Present::runner))).hasSize(120)
                .allSatisfy((runner, told) -> {
                    assertThat(told).hasSizeBetween(19, 21);
                    for (int i = 1; i < told.size(); i++) {
                        assertThat(told.get(i).atNanos() - told.get(i - 1).atNanos())
                                .isBetween(Duration.ofSeconds(29).toNanos(), Duration.ofSeconds(31).toNanos());
                    }
                });
        assertThat(plane.presences.stream().collect(Collectors.groupingBy(told -> told.atNanos() / 1_000_000_000))
                .values()).allSatisfy(second -> assertThat(second).hasSizeLessThan(9));
    }

    @Test
    void aLoneRunnerIsToldOfAtOnceAndSaysWhatItDoes() {
        Fleet fleet = bench.pool("pool", plane, 1).start(1);
        bench.pass(Duration.ofSeconds(1));
        assertThat(of("pool-1")).containsExactly(Presence.IDLE);

        plane.answer = runner -> Mono.just(plane.job("ok 200000"));
        bench.pass(EVERY.multipliedBy(3));
        assertThat(of("pool-1")).contains(Presence.BUSY);

        fleet.drained(Duration.ofMinutes(5)).subscribe();
        bench.pass(EVERY.plusSeconds(2));
        assertThat(of("pool-1")).endsWith(Presence.DRAINING);
        assertThat(of("pool-1")).doesNotContain(Presence.GONE);

        bench.pass(Duration.ofMinutes(3));
        assertThat(of("pool-1")).endsWith(Presence.DRAINING, Presence.GONE);
        int told = plane.presences.size();
        bench.pass(Duration.ofMinutes(3));
        assertThat(plane.presences).hasSize(told);
    }

    @Test
    void aPausedRunnerTakesNothing() {
        Fleet fleet = bench.pool("pool", plane, 1).start(1);
        bench.pass(Duration.ofSeconds(1));
        fleet.pause(new FleetControl.Target.OfPool("pool"));

        bench.pass(EVERY.plusSeconds(1));

        assertThat(of("pool-1")).containsExactly(Presence.IDLE, Presence.DRAINING);
    }

    @Test
    void oneThatFailsOrHangsIsTriedInTheNextRoundAndKeepsNobodyElse() {
        ScriptedPlane other = bench.plane("other");
        other.presenceInterval = EVERY;
        plane.presenceAnswer = Mono.never();
        bench.pool("pool", plane, 200).pool("others", other, 2).start(1);

        bench.pass(Duration.ofMinutes(5));

        assertThat(other.presences).hasSizeBetween(20, 22);
        plane.presenceAnswer = Mono.error(new ControlPlaneException.Unavailable("503", null, null));
        int before = plane.presences.size();
        bench.pass(Duration.ofMinutes(1));
        assertThat(plane.presences.size() - before).isBetween(200, 800);
    }

    @Test
    void aDrainDoesNotWaitLongForTheLastWord() {
        Fleet fleet = bench.pool("pool", plane, 3).start(1);
        bench.pass(Duration.ofSeconds(40));
        plane.presenceAnswer = Mono.never();
        List<Integer> drained = new java.util.ArrayList<>();

        fleet.drained(Duration.ofMinutes(5)).subscribe(drained::add);
        bench.pass(Duration.ofSeconds(6));

        assertThat(drained).containsExactly(0);
    }

    @Test
    void whereNobodyAsksNothingIsToldAndNoTimerRuns() {
        plane.presenceInterval = null;
        Fleet fleet = bench.pool("pool", plane, 3).start(1);
        fleet.pause(new FleetControl.Target.OfPool("pool"));
        bench.pass(Duration.ofMinutes(2));

        assertThat(plane.presences).isEmpty();
    }
}
