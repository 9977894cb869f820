package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.SettleReply;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** Draining, in virtual time. */
class FleetDrainTest {
    private static final Duration GRACE = Duration.ofMinutes(2);

    private final FleetBench bench = new FleetBench(21);
    private final ScriptedPlane plane = bench.plane("plane");
    private final List<Integer> emitted = new ArrayList<>();

    private Fleet running(String job, int slots) {
        plane.answer = runner -> Mono.just(plane.job(job));
        Fleet fleet = bench.pool("pool", plane, 10).start(slots);
        bench.pass(Duration.ofSeconds(5));
        return fleet;
    }

    @Test
    void anIdleFleetIsDrainedAtOnce() {
        Fleet fleet = bench.pool("pool", plane, 10).start(4);
        bench.pass(Duration.ofSeconds(5));
        assertThat(fleet.ready()).isTrue();

        fleet.drained(GRACE).subscribe(emitted::add);

        assertThat(emitted).containsExactly(0);
        assertThat(fleet.ready()).isFalse();
        assertThat(fleet.live()).isTrue();
    }

    @Test
    void readinessFallsWithTheFirstWordAndWhoeverWaitsForItIsTold() {
        Fleet fleet = bench.pool("pool", plane, 10).start(4);
        List<String> told = new ArrayList<>();
        fleet.whenDraining().subscribe(none -> {}, failure -> {}, () -> told.add("ready=" + fleet.ready()));
        assertThat(told).isEmpty();

        fleet.drain();
        fleet.drain();
        fleet.whenDraining().subscribe(none -> {}, failure -> {}, () -> told.add("again"));

        assertThat(told).containsExactly("ready=false", "again");
    }

    @Test
    void jobsEndWithinTheGraceAndNothingIsCancelled() {
        Fleet fleet = running("ok 60000", 3);
        int asked = plane.asked.size();
        fleet.drained(GRACE).subscribe(emitted::add);
        bench.pass(Duration.ofSeconds(50));
        assertThat(emitted).isEmpty();

        bench.pass(Duration.ofSeconds(10));

        assertThat(emitted).containsExactly(0);
        assertThat(plane.asked).hasSize(asked);
        assertThat(plane.granted).allSatisfy(lease -> assertThat(lease.settled)
                .containsExactly(new Outcome.Complete("{}")));
    }

    @Test
    void afterTheGraceTheRestIsCancelledReportedAndCounted() {
        Fleet fleet = running("ok 600000", 3);
        fleet.drained(GRACE).subscribe(emitted::add);

        bench.pass(GRACE.plusSeconds(4));

        assertThat(emitted).containsExactly(3);
        assertThat(plane.granted).hasSize(3).allSatisfy(lease -> assertThat(lease.settled)
                .containsExactly(new Outcome.Fail(Outcome.Cause.CANCELLED, "the runner is shutting down")));
        assertThat(bench.journal.ends).hasSize(3);
        assertThat(bench.slots.used()).isZero();
    }

    @Test
    void aSecondSignalCancelsAtOnceAndIsCountedOnce() {
        Fleet fleet = running("ok 600000", 3);
        fleet.drained(GRACE).subscribe(emitted::add);
        bench.pass(Duration.ofSeconds(1));

        assertThat(fleet.cancelAll()).isEqualTo(3);
        assertThat(fleet.cancelAll()).isZero();
        bench.pass(Duration.ofSeconds(4));

        assertThat(emitted).containsExactly(3);
    }

    @Test
    void aJobGrantedAtThatMomentIsRunToItsEnd() {
        plane.answer = runner -> Mono.delay(Duration.ofSeconds(2), bench.time)
                .map(tick -> plane.job("ok 30000"));
        Fleet fleet = bench.pool("pool", plane, 1).start(1);
        bench.pass(Duration.ofSeconds(1));
        assertThat(plane.inFlight).isEqualTo(1);
        fleet.drained(GRACE).subscribe(emitted::add);
        bench.pass(Duration.ofSeconds(20));
        assertThat(emitted).isEmpty();

        bench.pass(Duration.ofSeconds(20));

        assertThat(emitted).containsExactly(0);
        assertThat(plane.granted).singleElement().satisfies(lease -> assertThat(lease.settled)
                .containsExactly(new Outcome.Complete("{}")));
    }

    @Test
    void aJobGrantedAfterTheGraceIsHandedBackAtOnce() {
        plane.answer = runner -> Mono.delay(Duration.ofSeconds(19), bench.time)
                .map(tick -> plane.job("ok 600000"));
        Fleet fleet = bench.pool("pool", plane, 1).start(1);
        bench.pass(Duration.ofSeconds(1));
        fleet.drained(Duration.ofSeconds(10)).subscribe(emitted::add);

        bench.pass(Duration.ofSeconds(29));

        assertThat(emitted).containsExactly(1);
        assertThat(plane.granted).singleElement().satisfies(lease -> assertThat(lease.settled).singleElement()
                .isInstanceOf(Outcome.Fail.class));
        assertThat(bench.journal.claims).hasSize(1);
        assertThat(bench.journal.ends).hasSize(1);
    }

    @Test
    void aReportThatIsNeverAcknowledgedIsLeftToTheNextStartAndCountedOnce() {
        plane.answer = runner -> {
            LeaseReply reply = plane.job("ok 60000");
            plane.granted.get(plane.granted.size() - 1).settle = outcome -> Mono
                    .error(new ControlPlaneException.Unavailable("503", null, null));
            return Mono.just(reply);
        };
        Fleet fleet = bench.pool("pool", plane, 2).start(2);
        bench.pass(Duration.ofSeconds(5));
        fleet.drained(GRACE).subscribe(emitted::add);
        bench.pass(GRACE.plusSeconds(29));
        assertThat(emitted).isEmpty();

        bench.pass(Duration.ofSeconds(2));

        assertThat(emitted).containsExactly(2);
        assertThat(bench.journal.outcomes).containsOnly(new Outcome.Complete("{}"));
        fleet.stop();
        assertThat(bench.journal.ends).isEmpty();
        assertThat(fleet.live()).isFalse();
    }

    @Test
    void aCancelledJobWhoseReportIsNotAcknowledgedIsCountedOnceToo() {
        Fleet fleet = running("ok 600000", 2);
        plane.granted.forEach(lease -> lease.settle = outcome -> Mono.never());
        fleet.drained(GRACE).subscribe(emitted::add);

        bench.pass(GRACE.plusSeconds(31));

        assertThat(emitted).containsExactly(2);
    }

    @Test
    void aReportOnItsWayIsNotCalledCancelledWhenItArrives() {
        Fleet fleet = running("ok 118000", 2);
        plane.granted.forEach(lease -> lease.settle = outcome -> Mono.delay(Duration.ofSeconds(10), bench.time)
                .thenReturn(new SettleReply.Acknowledged()));
        fleet.drained(GRACE).subscribe(emitted::add);

        bench.pass(GRACE.plusSeconds(10));

        assertThat(emitted).containsExactly(0);
    }

    @Test
    void aDrainBeforeTheStartLeasesNothing() {
        Fleet fleet = bench.pool("pool", plane, 10).build(4);
        fleet.drained(GRACE).subscribe(emitted::add);
        fleet.start().subscribe();
        bench.pass(Duration.ofMinutes(2));

        assertThat(emitted).containsExactly(0);
        assertThat(plane.asked).isEmpty();
        assertThat(fleet.ready()).isFalse();
    }

    @Test
    void stoppingTheFleetWithJobsInItLetsGoOfEverything() {
        Fleet fleet = running("ok 600000", 3);

        fleet.stop();
        bench.pass(Duration.ofMinutes(20));

        assertThat(bench.slots.used()).isZero();
        assertThat(plane.granted).hasSize(3).allSatisfy(lease -> assertThat(lease.settled).isEmpty());
        assertThat(bench.journal.ends).isEmpty();
        assertThat(fleet.status().state()).isEqualTo("stopped");
    }

    /** At any instant: no request after it, every granted job journaled and settled once, and the count is right. */
    @Property(tries = 200)
    void aDrainAtAnyInstantLosesNothing(@ForAll long seed) {
        drainsWithoutALoss(seed);
    }

    /** The long form, for before a release: {@code -Dcoxswain.drain.cases=10000}. */
    @Test
    void aDrainAtAnyOfThousandsOfInstantsLosesNothing() {
        for (long seed = 0; seed < Integer.getInteger("coxswain.drain.cases", 50); seed++) {
            drainsWithoutALoss(seed * 0x9E3779B97F4A7C15L);
        }
    }

    private static void drainsWithoutALoss(long seed) {
        FleetBench any = new FleetBench(seed);
        Random random = any.random;
        ScriptedPlane asked = any.plane("plane");
        asked.answer = runner -> Mono.delay(Duration.ofMillis(random.nextInt(2_000)), any.time)
                .then(Mono.<LeaseReply>defer(() -> switch (random.nextInt(4)) {
                    case 0 -> ScriptedPlane.noJob();
                    case 1 -> ScriptedPlane.down();
                    case 2 -> Mono.just(asked.job("fail " + random.nextInt(5_000)));
                    default -> Mono.just(asked.job("ok " + random.nextInt(40_000)));
                }));
        Fleet fleet = any.pool("pool", asked, 1 + random.nextInt(20)).start(1 + random.nextInt(8));
        any.pass(Duration.ofNanos((long) (random.nextDouble() * 60e9)));
        List<Integer> counts = new ArrayList<>();
        int before = asked.asked.size();
        Duration grace = Duration.ofMillis(random.nextInt(60_000));

        fleet.drained(grace).subscribe(counts::add);

        assertThat(fleet.ready()).isFalse();
        any.pass(Duration.ofMinutes(3));
        assertThat(asked.asked).hasSize(before);
        assertThat(asked.granted).allSatisfy(lease -> assertThat(lease.settled).hasSize(1));
        assertThat(any.journal.ends).hasSize(asked.granted.size()).doesNotHaveDuplicates();
        long cancelled = asked.granted.stream().flatMap(lease -> lease.settled.stream())
                .filter(outcome -> outcome instanceof Outcome.Fail fail && fail.cause() == Outcome.Cause.CANCELLED)
                .count();
        assertThat(counts).containsExactly((int) cancelled);
        assertThat(any.slots.used()).isZero();
        fleet.stop();
        any.time.dispose();
    }
}
