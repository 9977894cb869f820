package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.controlplane.RateLimit;
import dev.coxswain.supervisor.runner.Runner;
import dev.coxswain.supervisor.runner.RunnerState;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** Runners that hold several jobs at once, and control planes that tell when jobs come. */
class SeveralJobsTest {
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private final FleetBench bench = new FleetBench(7);
    private final ScriptedPlane plane = bench.plane("actions");

    private Runner only(Fleet fleet) {
        return fleet.plan().pools().getFirst().runners().getFirst();
    }

    @Test
    void aRunnerIsAskedForAtOnceUntilItIsFullAndAgainWhenAJobEnds() {
        bench.slotsPerRunner = 3;
        plane.answer = runner -> Mono.just(plane.job("ok " + (plane.granted.size() == 0 ? 20_000 : 60_000)));
        Fleet fleet = bench.pool("actions", plane, 1).start(8);
        bench.pass(MOMENT);

        assertThat(only(fleet).jobs()).hasSize(3);
        assertThat(bench.slots.used()).isEqualTo(3);
        assertThat(fleet.runners(null, null, 1).items().getFirst().jobs()).containsExactly("actions-j1", "actions-j2",
                "actions-j3");
        bench.pass(Duration.ofSeconds(18));
        assertThat(plane.asked).hasSize(3);

        bench.pass(Duration.ofSeconds(2));
        assertThat(plane.asked).hasSize(4);
        assertThat(only(fleet).jobs()).hasSize(3);
        assertThat(only(fleet).job()).isSameAs(only(fleet).jobs().getLast());
    }

    @Test
    void withRoomButNoSlotItWaitsForOne() {
        bench.slotsPerRunner = 3;
        plane.answer = runner -> Mono.just(plane.job("ok 10000"));
        Fleet fleet = bench.pool("actions", plane, 1).start(2);
        bench.pass(MOMENT);
        assertThat(only(fleet).jobs()).hasSize(2);

        bench.pass(Duration.ofSeconds(10));
        assertThat(plane.granted).hasSize(4);
        assertThat(bench.slots.used()).isEqualTo(2);
    }

    @Test
    void theRateOfOneRunnerKeepsNoOtherFromAsking() {
        bench.slotsPerRunner = 2;
        plane.answer = runner -> Mono.just(runner.endsWith("-1")
                ? new LeaseReply.NoJob(null, new RateLimit(0, Duration.ofSeconds(50), true))
                : new LeaseReply.NoJob(null));
        bench.pool("actions", plane, 2).start(2);
        bench.pass(Duration.ofSeconds(20));

        assertThat(plane.askedBy("actions-1")).isEqualTo(1);
        assertThat(plane.askedBy("actions-2")).isGreaterThan(3);
    }

    @Test
    void aRemovedRunnerIsGoneWhenAllItsJobsAre() {
        SchedulerBench scheduler = new SchedulerBench(3);
        scheduler.slotsPerRunner = 2;
        ScriptedPlane busy = new ScriptedPlane(ScriptedPlane.config("actions", 50, Duration.ofMillis(500),
                Duration.ofSeconds(30)), scheduler.clock);
        busy.answer = runner -> Mono.just(busy.job("ok " + (busy.granted.isEmpty() ? 10_000 : 20_000)));
        PollScheduler polls = scheduler.scheduler(busy.config, scheduler.slots(4, "actions"), 1);
        Runner runner = scheduler.runners(busy, "actions", 1).getFirst();
        polls.add(runner, 1);
        scheduler.pass(MOMENT);
        assertThat(runner.jobs()).hasSize(2);

        AtomicBoolean gone = new AtomicBoolean();
        polls.remove(runner);
        polls.whenGone(runner, () -> gone.set(true));
        scheduler.pass(Duration.ofSeconds(12));
        assertThat(runner.jobs()).hasSize(1);
        assertThat(gone).isFalse();

        scheduler.pass(Duration.ofSeconds(10));
        assertThat(gone).isTrue();
        assertThat(busy.granted).hasSize(2);
    }

    @Test
    void arrivalsAreAskedForAtOnce() {
        Fleet fleet = bench.pool("actions", plane, 4).start(4);
        bench.pass(Duration.ofMinutes(5));
        int before = plane.asked.size();
        plane.answer = runner -> Mono.just(plane.job("ok 60000"));

        plane.arrivals.tryEmitNext(2).orThrow();
        bench.pass(Duration.ofMillis(100));
        assertThat(plane.asked.size() - before).isGreaterThanOrEqualTo(2);

        fleet.stop();
        assertThat(plane.arrivals.currentSubscriberCount()).isZero();
    }

    /** Never more than so many, one request at a time, and nobody is forgotten. */
    @Property(tries = 60)
    void boundsHoldWhateverComes(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int perRunner,
            @ForAll @IntRange(min = 1, max = 12) int slots) {
        FleetBench random = new FleetBench(seed);
        random.slotsPerRunner = perRunner;
        ScriptedPlane many = random.plane("actions", 200, Duration.ofMillis(200), Duration.ofSeconds(5));
        Random chance = new Random(seed);
        Map<String, Integer> inFlight = new HashMap<>();
        many.answer = runner -> Mono.defer(() -> {
            assertThat(inFlight.merge(runner, 1, Integer::sum)).isEqualTo(1);
            return Mono.delay(Duration.ofMillis(chance.nextInt(300)), random.time).flatMap(late -> {
                inFlight.merge(runner, -1, Integer::sum);
                return switch (chance.nextInt(6)) {
                    case 0 -> ScriptedPlane.noJob();
                    case 1 -> ScriptedPlane.down();
                    case 2 -> Mono.just(many.job("fail " + chance.nextInt(2_000)));
                    default -> Mono.just(many.job("ok " + chance.nextInt(20_000)));
                };
            });
        });
        Fleet fleet = random.pool("actions", many, 3).start(slots);
        List<Runner> runners = fleet.plan().pools().getFirst().runners();
        for (int i = 0; i < 200; i++) {
            random.pass(Duration.ofMillis(300));
            assertThat(runners).allSatisfy(runner -> assertThat(runner.jobs()).hasSizeLessThanOrEqualTo(perRunner));
            assertThat(random.slots.used()).isLessThanOrEqualTo(slots);
        }
        many.answer = runner -> ScriptedPlane.noJob();
        random.pass(Duration.ofMinutes(3));
        assertThat(random.slots.used()).isZero();
        assertThat(runners).allSatisfy(runner -> assertThat(runner.state()).isEqualTo(RunnerState.IDLE));
        many.asked.clear();
        random.pass(Duration.ofMinutes(1));
        assertThat(runners).allSatisfy(runner -> assertThat(many.askedBy(runner.name())).isPositive());
        fleet.stop();
    }
}
