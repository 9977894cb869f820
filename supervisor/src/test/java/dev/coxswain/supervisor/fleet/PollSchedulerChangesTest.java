package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.controlplane.RateLimit;
import dev.coxswain.supervisor.runner.Runner;
import dev.coxswain.supervisor.runner.Slots;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** What a reload changes in a poll scheduler that runs, and what a server's headers do. */
class PollSchedulerChangesTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final SchedulerBench bench = new SchedulerBench(61);
    private final ControlPlaneConfig config = config(50, 500, 30_000);
    private final ScriptedPlane plane = new ScriptedPlane(config, bench.clock);
    private final Slots slots = bench.slots(8, "pool", "second");
    private final PollScheduler polls = bench.scheduler(config, slots, 1);

    private static ControlPlaneConfig config(double perSecond, long minMillis, long maxMillis) {
        return ScriptedPlane.config("plane", perSecond, Duration.ofMillis(minMillis), Duration.ofMillis(maxMillis));
    }

    private List<Runner> add(String pool, int count) {
        List<Runner> runners = bench.runners(plane, pool, count);
        runners.forEach(runner -> polls.add(runner, 1));
        return runners;
    }

    @Test
    void aRemovedRunnerIsNotAskedAgainWhereverItIs() {
        plane.answer = runner -> switch (runner) {
            case "pool-1" -> Mono.just(plane.job("ok 5000"));
            case "pool-2" -> ScriptedPlane.noJob().delayElement(Duration.ofSeconds(3), bench.time);
            default -> ScriptedPlane.noJob();
        };
        List<Runner> runners = add("pool", 4);
        bench.pass(Duration.ofSeconds(2));
        runners.subList(0, 3).forEach(polls::remove);
        runners.subList(0, 3).forEach(polls::remove);
        plane.asked.clear();
        bench.pass(MINUTE.multipliedBy(3));

        assertThat(plane.asked).isNotEmpty().allMatch(asked -> asked.runner().equals("pool-4"));
        assertThat(plane.granted).singleElement().satisfies(lease -> assertThat(lease.settled).hasSize(1));
        assertThat(slots.used()).isZero();
        assertThat(bench.open).isZero();
    }

    @Test
    void anotherBudgetAndOtherIntervalsHoldFromThenOn() {
        add("pool", 20);
        bench.pass(MINUTE.multipliedBy(3));
        plane.asked.clear();
        bench.pass(MINUTE);
        assertThat(plane.asked.size()).isBetween(36, 44);

        polls.retune(config(10, 500, 1_000));
        bench.pass(MINUTE);
        plane.asked.clear();
        bench.pass(MINUTE);
        assertThat(plane.asked.size()).isBetween(590, 600);
        assertThat(polls.requestRate()).isEqualTo(10);

        polls.retune(config(10, 500, 60_000));
        bench.pass(MINUTE.multipliedBy(4));
        plane.asked.clear();
        bench.pass(MINUTE);
        assertThat(plane.asked.size()).isBetween(17, 23);
    }

    @Test
    void aQuarantinedRunnerIsTriedAtOnceWhenItIsWanted() {
        plane.answer = runner -> Mono.error(new ControlPlaneException.CredentialRefused("401"));
        Runner runner = add("pool", 1).get(0);
        bench.pass(MINUTE.multipliedBy(10));
        plane.asked.clear();
        polls.retryNow(runner);
        assertThat(plane.asked).hasSize(1);
        bench.pass(Duration.ofSeconds(46));

        // the quarantine begins anew
        assertThat(plane.asked).hasSize(2);
    }

    @Test
    void otherWeightsHoldFromThenOn() {
        plane.answer = runner -> Mono.just(plane.job("ok 4000"));
        add("pool", 30);
        add("second", 30);
        bench.pass(MINUTE);
        polls.reweigh("pool", 3);
        polls.reweigh("nobody", 3);
        bench.pass(MINUTE);
        plane.asked.clear();
        bench.pass(MINUTE.multipliedBy(10));

        long first = plane.asked.stream().filter(asked -> asked.runner().startsWith("pool")).count();
        assertThat((double) first / (plane.asked.size() - first)).isBetween(2.8, 3.2);
    }

    @Test
    void aDisposedSchedulerIsForgottenByTheSlots() {
        add("pool", 3);
        bench.pass(MINUTE);
        polls.dispose();
        plane.asked.clear();
        ((Slots.Slot) slots.reserve("pool")).release();
        bench.pass(MINUTE);
        assertThat(plane.asked).isEmpty();
    }

    @Test
    void rateHeadersThatLeaveNothingPauseTheControlPlaneUntilTheReset() {
        plane.answer = runner -> Mono.just(new LeaseReply.NoJob(null, new RateLimit(0, Duration.ofSeconds(90))));
        add("pool", 5);
        bench.pass(Duration.ofSeconds(1));
        assertThat(plane.asked).hasSize(1);
        bench.pass(Duration.ofSeconds(88));
        assertThat(plane.asked).hasSize(1);
        bench.pass(Duration.ofSeconds(12));
        assertThat(plane.asked).hasSize(2);
    }

    @Test
    void serversThatRefuseHalfOfTheRateFindItHalvedAndComeBackToIt() {
        add("pool", 200);
        bench.pass(Duration.ofSeconds(20));
        assertThat(polls.requestRate()).isEqualTo(50);
        plane.answer = runner -> Mono.error(new ControlPlaneException.RateLimited("429", null));
        bench.pass(Duration.ofSeconds(3));
        assertThat(polls.requestRate()).isLessThanOrEqualTo(30);
        plane.answer = runner -> ScriptedPlane.noJob();
        bench.pass(Duration.ofSeconds(11));
        assertThat(polls.requestRate()).isEqualTo(50);
    }

    /** No timer and no walk over all of them for each: an hour of 100,000 idle runners in virtual time. */
    @Test
    void aHundredThousandIdleRunnersCostTheBudgetAndNothingElse() {
        add("pool", 100_000);
        plane.asked.clear();
        bench.pass(MINUTE.multipliedBy(5));

        assertThat(plane.asked.size()).isBetween(14_400, 14_750);
        assertThat(plane.asked.stream().map(ScriptedPlane.Asked::runner).distinct().count())
                .isEqualTo(plane.asked.size());
    }
}
