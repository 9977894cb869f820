package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** When lease requests leave, in virtual time. */
class PollSchedulerTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final FleetBench bench = new FleetBench(11);
    private final ScriptedPlane plane = bench.plane("plane");

    @Test
    void withAllSlotsTakenNoPollLeavesAndAFreedSlotIsUsedAtOnce() {
        plane.answer = runner -> Mono.just(plane.job("ok 600000"));
        bench.pool("pool", plane, 5).start(2);
        bench.pass(Duration.ofSeconds(5));
        assertThat(plane.asked).hasSize(2);
        assertThat(bench.slots.used()).isEqualTo(2);

        bench.pass(Duration.ofMinutes(9));
        assertThat(plane.asked).hasSize(2);

        bench.pass(MINUTE);
        assertThat(plane.asked).hasSize(4);
    }

    @Test
    void slotsThatBroughtNoJobAreUsedAgain() {
        bench.pool("pool", plane, 10).start(1);
        bench.pass(MINUTE);

        assertThat(IntStream.rangeClosed(1, 10).mapToLong(i -> plane.askedBy("pool-" + i))).allMatch(n -> n > 3);
        assertThat(bench.slots.used()).isZero();
    }

    @Test
    void aThousandRunnersKeepToTheBudgetAndEachHasItsTurn() {
        ScriptedPlane eager = bench.plane("eager", 50, Duration.ofMillis(500), Duration.ofMillis(500));
        bench.pool("many", eager, 1_000).start(64);

        bench.pass(Duration.ofMinutes(2));

        List<Long> times = eager.times();
        // a fiftieth is kept for late timers, and the first ten seconds begin with a tenth of the rate
        assertThat(times.size()).isBetween(5_600, 5_880);
        for (int i = 50; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 50)).isGreaterThanOrEqualTo(1_000_000_000);
        }
        assertThat(IntStream.rangeClosed(1, 1_000).mapToLong(i -> eager.askedBy("many-" + i)))
                .allMatch(n -> n >= 5 && n <= 7);
    }

    @Test
    void aRateLimitPausesThatControlPlaneOnly() {
        ScriptedPlane other = bench.plane("other");
        plane.answer = runner -> Mono.error(new ControlPlaneException.RateLimited("429", Duration.ofMinutes(5)));
        bench.pool("pool", plane, 20).pool("others", other, 20).start(8);
        bench.pass(Duration.ofSeconds(2));
        int before = plane.asked.size();
        int others = other.asked.size();
        plane.answer = runner -> ScriptedPlane.noJob();

        bench.pass(Duration.ofMinutes(4).plusSeconds(50));
        assertThat(plane.asked).hasSize(before);
        assertThat(other.asked.size()).isGreaterThan(others + 100);

        bench.pass(Duration.ofSeconds(30));
        assertThat(plane.asked).hasSizeGreaterThan(before + 10);
    }

    @Test
    void afterFiveFailuresInARowRequestsGoOutOneByOne() {
        plane.answer = runner -> ScriptedPlane.down();
        bench.pool("pool", plane, 100).start(50);
        bench.pass(Duration.ofSeconds(2));
        int before = plane.asked.size();

        bench.pass(Duration.ofMinutes(10));

        // never closer than half of the longest pause, once it is reached; never further apart than 15 s
        List<Long> times = plane.times();
        assertThat(times.size() - before).isBetween(38, 130);
        for (int i = before + 6; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 1)).isBetween(4_900_000_000L, 15_000_000_000L);
        }
    }

    @Test
    void oneProbeClosesTheBreakerWithinHalfAMinuteOfTheRecovery() {
        ScriptedPlane lone = bench.plane("lone", 50, Duration.ofMillis(500), Duration.ofMinutes(5));
        lone.answer = runner -> ScriptedPlane.down();
        bench.pool("pool", lone, 1).start(1);
        bench.pass(Duration.ofMinutes(20));
        int before = lone.asked.size();
        lone.answer = runner -> ScriptedPlane.noJob();

        bench.pass(Duration.ofSeconds(16));

        assertThat(lone.asked).hasSizeGreaterThan(before);
        assertThat(bench.count("coxswain_lease_requests_total", "result", "no_job", "control_plane", "lone"))
                .isPositive();
    }

    @Test
    void aServerThatHungIsFoundAgainWithinHalfAMinute() {
        plane.answer = runner -> Mono.<LeaseReply>never().timeout(Duration.ofSeconds(30), bench.time).onErrorMap(
                late -> new ControlPlaneException.Unavailable("lease: no whole answer in time", null, late));
        bench.pool("pool", plane, 200).start(40);
        bench.pass(Duration.ofMinutes(7));
        plane.answer = runner -> ScriptedPlane.noJob();
        int before = plane.asked.size();

        bench.pass(Duration.ofSeconds(30));

        assertThat(plane.asked.size()).isGreaterThan(before + 100);
    }

    @Test
    void refusalsOfTheServerOpenNoBreaker() {
        plane.answer = runner -> Mono.error(new ControlPlaneException.Rejected("400"));
        bench.pool("pool", plane, 50).start(10);
        bench.pass(Duration.ofSeconds(5));

        assertThat(plane.asked).hasSize(50);
    }

    @Test
    void aRefusedCredentialIsQuarantinedAloneAndTriedAgain() {
        plane.answer = runner -> runner.equals("pool-1")
                ? Mono.error(new ControlPlaneException.CredentialRefused("401"))
                : ScriptedPlane.noJob();
        Fleet fleet = bench.pool("pool", plane, 3).start(2);
        bench.pass(Duration.ofSeconds(10));
        assertThat(plane.askedBy("pool-1")).isEqualTo(1);
        assertThat(plane.askedBy("pool-2")).isGreaterThan(2);
        assertThat(fleet.runners(null, "quarantined", 1).items()).singleElement()
                .satisfies(view -> assertThat(view.why()).contains("401"));

        plane.answer = runner -> ScriptedPlane.noJob();
        bench.pass(MINUTE);

        assertThat(plane.askedBy("pool-1")).isGreaterThan(1);
        assertThat(fleet.runners(null, "quarantined", 1).total()).isZero();
    }

    @Test
    void aDeadControlPlaneLeavesSlotsToTheOthers() {
        ScriptedPlane dead = bench.plane("dead");
        dead.answer = runner -> Mono.never();
        plane.answer = runner -> Mono.just(plane.job("ok 1000"));
        bench.pool("dead", dead, 500).pool("pool", plane, 100).start(8);

        bench.pass(MINUTE);

        assertThat(dead.inFlight).isLessThanOrEqualTo(4);
        assertThat(plane.granted).hasSizeGreaterThan(200);
    }

    @Test
    void aControlPlaneThatIsAlwaysSlowGivesWayToOneThatIsNot() {
        ScriptedPlane slow = bench.plane("slow");
        slow.answer = runner -> ScriptedPlane.noJob().delayElement(Duration.ofSeconds(29), bench.time);
        plane.answer = runner -> Mono.just(plane.job("ok 1000"));
        bench.pool("slow", slow, 500).pool("pool", plane, 100).start(8);
        bench.pass(Duration.ofMinutes(2));
        int before = plane.granted.size();

        bench.pass(MINUTE);

        assertThat(plane.granted.size() - before).isGreaterThan(6 * 50);
    }

    @Test
    void aLeaseRequestWithoutAnAnswerGivesItsSlotBackInTheEnd() {
        plane.answer = runner -> Mono.never();
        bench.pool("pool", plane, 1).start(1);
        bench.pass(Duration.ofSeconds(80));
        assertThat(bench.slots.used()).isEqualTo(1);

        plane.answer = runner -> ScriptedPlane.noJob();
        bench.pass(MINUTE);

        assertThat(bench.slots.used()).isZero();
        assertThat(plane.asked).hasSizeGreaterThan(1);
    }

    @Test
    void weightsDecideWhenSlotsAreShort() {
        plane.answer = runner -> Mono.just(plane.job("ok 10000"));
        bench.pool("heavy", plane, 50, 3, OptionalInt.empty(), OptionalInt.empty())
                .pool("light", plane, 50, 1, OptionalInt.empty(), OptionalInt.empty()).start(4);

        bench.pass(Duration.ofMinutes(30));

        double heavy = bench.count("coxswain_jobs_leased_total", "pool", "heavy");
        double light = bench.count("coxswain_jobs_leased_total", "pool", "light");
        assertThat(heavy / light).isBetween(2.8, 3.2);
    }

    @Test
    void slotsKeptForAPoolAreGivenToItWhileTheOthersAreFull() {
        plane.answer = runner -> runner.startsWith("small")
                ? ScriptedPlane.noJob()
                : Mono.just(plane.job("ok 36000000"));
        Fleet fleet = bench.pool("big", plane, 50, 10, OptionalInt.empty(), OptionalInt.of(6))
                .pool("small", plane, 3, 1, OptionalInt.of(2), OptionalInt.empty()).start(6);
        bench.pass(MINUTE);
        assertThat(bench.slots.used("big")).isEqualTo(4);

        plane.answer = runner -> Mono.just(plane.job("ok 36000000"));
        bench.pass(MINUTE);

        assertThat(bench.slots.used("small")).isEqualTo(2);
        assertThat(fleet.status().jobsRunning()).isEqualTo(6);
    }

    @Test
    void aPoolTakesNoMoreThanItsMost() {
        plane.answer = runner -> Mono.just(plane.job("ok 60000"));
        bench.pool("pool", plane, 10, 1, OptionalInt.empty(), OptionalInt.of(3)).start(8);
        bench.pass(Duration.ofSeconds(30));

        assertThat(bench.slots.used("pool")).isEqualTo(3);
    }

    @Test
    void twoControlPlanesShareScarceSlots() {
        ScriptedPlane other = bench.plane("other");
        plane.answer = runner -> Mono.just(plane.job("ok 1000"));
        other.answer = runner -> Mono.just(other.job("ok 1000"));
        bench.pool("a", plane, 20).pool("b", other, 20).start(1);

        bench.pass(Duration.ofMinutes(5));

        assertThat(plane.granted.size()).isBetween(100, 200);
        assertThat(other.granted.size()).isBetween(100, 200);
    }
}
