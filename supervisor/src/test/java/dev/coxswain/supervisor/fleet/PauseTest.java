package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.fleet.FleetControl.RunnerView;
import dev.coxswain.supervisor.fleet.FleetControl.Target;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** What operators pause and resume, in virtual time. */
class PauseTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Target ALL = new Target.Everything();
    private static final Target PLANE = new Target.OfControlPlane("plane");
    private static final Target POOL = new Target.OfPool("pool");
    private static final Target RUNNER = new Target.OfRunner("pool-1");

    private final FleetBench bench = new FleetBench(51);
    private final ScriptedPlane plane = bench.plane("plane");
    private final ScriptedPlane other = bench.plane("other");

    private Fleet fleet() {
        Fleet fleet = bench.pool("pool", plane, 3).pool("second", plane, 3).pool("others", other, 3).start(4);
        new FleetGauges(fleet, bench.meters, bench.clock).cover(fleet.plan());
        bench.pass(Duration.ofSeconds(5));
        return fleet;
    }

    private static List<String> paused(Fleet fleet) {
        return fleet.runners(null, "paused", 1).items().stream().map(RunnerView::name).toList();
    }

    private long asked(String runner) {
        return plane.askedBy(runner) + other.askedBy(runner);
    }

    @Test
    void pausedRunnersAreNotAskedForAndResumedOnesSoon() {
        Fleet fleet = fleet();
        assertThat(fleet.pause(POOL)).isEqualTo(3);
        assertThat(paused(fleet)).containsExactly("pool-1", "pool-2", "pool-3");
        assertThat(fleet.runners("pool", null, 1).items()).allMatch(view -> view.why().contains("its pool"));
        plane.asked.clear();
        bench.pass(MINUTE.multipliedBy(5));
        assertThat(plane.askedBy("pool-1") + plane.askedBy("pool-2") + plane.askedBy("pool-3")).isZero();
        assertThat(plane.askedBy("second-1")).isPositive();
        assertThat(bench.gauge("coxswain_runners", "pool", "pool", "state", "paused")).isEqualTo(3);
        assertThat(bench.gauge("coxswain_runners", "pool", "second", "state", "paused")).isZero();

        assertThat(fleet.resume(POOL)).isEqualTo(3);
        bench.pass(Duration.ofSeconds(2));

        assertThat(paused(fleet)).isEmpty();
        assertThat(List.of(asked("pool-1"), asked("pool-2"), asked("pool-3"))).allMatch(times -> times > 0);
        assertThat(bench.gauge("coxswain_runners", "pool", "pool", "state", "paused")).isZero();
    }

    @Test
    void aResumeTakesBackEveryPauseOfItsTargetAndOfNobodyElse() {
        Fleet fleet = fleet();
        assertThat(fleet.pause(ALL)).isEqualTo(9);
        assertThat(fleet.pause(RUNNER)).isEqualTo(1);
        assertThat(fleet.resume(RUNNER)).isEqualTo(1);
        assertThat(paused(fleet)).hasSize(8).doesNotContain("pool-1");
        assertThat(fleet.resume(PLANE)).isEqualTo(6);
        assertThat(paused(fleet)).containsExactly("others-1", "others-2", "others-3");
        fleet.pause(RUNNER);
        fleet.pause(RUNNER);
        assertThat(fleet.resume(ALL)).isEqualTo(9);
        assertThat(paused(fleet)).isEmpty();
        fleet.pause(PLANE);
        assertThat(fleet.resume(POOL)).isEqualTo(3);
        assertThat(paused(fleet)).containsExactly("second-1", "second-2", "second-3");
    }

    @Test
    void nobodyIsMeantByAnUnknownName() {
        Fleet fleet = fleet();
        assertThat(fleet.pause(new Target.OfPool("nobody"))).isZero();
        assertThat(fleet.resume(new Target.OfRunner("nobody"))).isZero();
        assertThat(paused(fleet)).isEmpty();
    }

    @Test
    void aJobGoesOnAndItsRunnerStaysPausedAfterIt() {
        plane.answer = runner -> runner.equals("pool-1") && plane.granted.isEmpty()
                ? Mono.just(plane.job("ok 60000"))
                : ScriptedPlane.noJob();
        Fleet fleet = fleet();
        fleet.pause(RUNNER);
        assertThat(paused(fleet)).isEmpty();
        long before = asked("pool-1");
        bench.pass(MINUTE.multipliedBy(2));

        assertThat(plane.granted).singleElement().satisfies(lease -> assertThat(lease.settled).hasSize(1));
        assertThat(paused(fleet)).containsExactly("pool-1");
        assertThat(asked("pool-1")).isEqualTo(before);
        fleet.resume(RUNNER);
        bench.pass(Duration.ofSeconds(1));
        assertThat(asked("pool-1")).isGreaterThan(before);
    }

    @Test
    void aJobThatIsGrantedToARequestInFlightIsRun() {
        plane.answer = runner -> Mono.delay(Duration.ofSeconds(2), bench.time).map(tick -> plane.job("ok 1000"));
        Fleet fleet = bench.pool("pool", plane, 1).start(1);
        bench.pass(Duration.ofSeconds(1));
        assertThat(plane.inFlight).isEqualTo(1);
        fleet.pause(ALL);
        bench.pass(MINUTE);

        assertThat(plane.granted).singleElement().satisfies(lease -> assertThat(lease.settled).hasSize(1));
        assertThat(plane.asked).hasSize(1);
        assertThat(bench.slots.used()).isZero();
        assertThat(paused(fleet)).containsExactly("pool-1");
    }

    @Test
    void aThousandResumedRunnersComeBackOneAfterAnother() {
        ScriptedPlane big = bench.plane("big");
        Fleet fleet = bench.pool("big", big, 1_000).start(64);
        bench.pass(MINUTE.multipliedBy(2));
        fleet.pause(ALL);
        bench.pass(MINUTE);
        big.asked.clear();
        fleet.resume(ALL);
        bench.pass(Duration.ofSeconds(30));

        List<Long> times = big.times();
        assertThat(times).hasSizeGreaterThan(1_000);
        for (int i = 5; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 5)).isGreaterThan(50_000_000);
        }
    }

    @Test
    void aQuarantineIsNotShortenedByAPause() {
        plane.answer = runner -> Mono.error(new ControlPlaneException.CredentialRefused("401"));
        Fleet fleet = bench.pool("pool", plane, 1).start(1);
        bench.pass(Duration.ofSeconds(2));
        fleet.pause(ALL);
        fleet.resume(ALL);
        bench.pass(Duration.ofSeconds(12));

        assertThat(plane.asked).hasSize(1);
        assertThat(fleet.runners(null, "quarantined", 1).total()).isEqualTo(1);
    }
}
