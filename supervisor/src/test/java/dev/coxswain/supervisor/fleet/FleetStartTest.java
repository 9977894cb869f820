package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import dev.coxswain.executors.Job;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.SettleReply;
import dev.coxswain.supervisor.journal.Journal;
import dev.coxswain.supervisor.testing.ScriptedLease;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** What a start does with the leases of a former life. */
class FleetStartTest {
    private static final Outcome COMPLETE = new Outcome.Complete("{}");

    private final FleetBench bench = new FleetBench(31);
    private final ScriptedPlane plane = bench.plane("plane");
    private final ScriptedPlane other = bench.plane("other");
    private final Map<String, ScriptedLease> leases = new HashMap<>();
    private final List<String> order = new ArrayList<>();

    FleetStartTest() {
        plane.restored = record -> lease(record.key());
        other.restored = record -> lease(record.key());
    }

    private ScriptedLease lease(String key) {
        return leases.computeIfAbsent(key, absent -> {
            ScriptedLease lease = new ScriptedLease(bench.clock, Duration.ofSeconds(60), new Job(key, key, ""));
            lease.beat = () -> {
                order.add(key);
                return Mono.just(lease.renewed());
            };
            return lease;
        });
    }

    private void left(String key, String controlPlane, String runner, boolean decided) {
        bench.journal.leftOvers.add(new Journal.OpenLease(
                new LeaseRecord(key, controlPlane, "pool", runner, key, "{}", Instant.EPOCH),
                decided ? COMPLETE : null, decided ? Instant.EPOCH : null));
    }

    @Test
    void aRunnerIsAskedForOnlyAfterWhatItHeldIsSettledAndTheOthersDoNotWait() {
        left("k1", "plane", "pool-1", true);
        left("k2", "plane", "pool-1", false);
        lease("k1").settle = outcome -> Mono.error(new ControlPlaneException.Unavailable("503", null, null));
        Fleet fleet = bench.pool("pool", plane, 2).start(2);
        bench.pass(Duration.ofMinutes(1));

        assertThat(plane.askedBy("pool-1")).isZero();
        assertThat(plane.askedBy("pool-2")).isPositive();
        assertThat(fleet.ready()).isTrue();
        assertThat(fleet.runners(null, "settling", 1).items()).singleElement()
                .satisfies(view -> assertThat(view.why()).contains("former life"));
        assertThat(order).containsOnly("k1");

        lease("k1").settle = outcome -> Mono
                .just(new SettleReply.Acknowledged());
        bench.pass(Duration.ofMinutes(1));

        assertThat(order).endsWith("k2");
        assertThat(lease("k1").settled).containsOnly(COMPLETE);
        assertThat(lease("k2").settled).singleElement().isInstanceOf(Outcome.Fail.class);
        assertThat(bench.journal.ends).containsExactly("k1", "k2");
        assertThat(plane.askedBy("pool-1")).isPositive();
    }

    @Test
    void whatAFormerLifeLeftIsListedAndCountedUntilItIsSettled() {
        left("k1", "plane", "pool-1", true);
        left("k2", "plane", "pool-1", false);
        lease("k1").settle = outcome -> Mono.error(new ControlPlaneException.Unavailable("503", null, null));
        bench.pass(Duration.ofSeconds(100));
        Fleet fleet = bench.pool("pool", plane, 1).start(1);
        new FleetGauges(fleet, bench.meters, bench.clock).cover(fleet.plan());

        assertThat(bench.gauge("coxswain_outbox_entries", "control_plane", "plane")).isEqualTo(2);
        assertThat(bench.gauge("coxswain_outbox_oldest_age_seconds", "control_plane", "plane")).isEqualTo(100);
        assertThat(bench.gauge("coxswain_outbox_entries", "control_plane", "other")).isZero();
        assertThat(fleet.jobs("settling", 1).items()).extracting(FleetControl.JobView::key)
                .containsExactlyInAnyOrder("k1", "k2");
        assertThat(fleet.job("k2")).hasValueSatisfying(job -> assertThat(job.pool()).isEqualTo("pool"));
        assertThat(fleet.cancel("k2", "by a person")).isFalse();

        lease("k1").settle = outcome -> Mono.just(new SettleReply.Acknowledged());
        bench.pass(Duration.ofMinutes(1));

        assertThat(bench.gauge("coxswain_outbox_entries", "control_plane", "plane")).isZero();
        assertThat(fleet.jobs("settling", 1).items()).isEmpty();
        assertThat(fleet.jobs("ended", 1).items()).extracting(FleetControl.JobView::key).containsExactly("k2", "k1");
    }

    @Test
    void aLeaseBelongsToTheRunnerOfItsOwnControlPlane() {
        left("k1", "other", "pool-1", true);
        bench.pool("pool", plane, 1).pool("pool", other, 1);
        List<String> restoredBy = new ArrayList<>();
        plane.restored = record -> {
            restoredBy.add("plane");
            return lease(record.key());
        };
        other.restored = record -> {
            restoredBy.add("other");
            return lease(record.key());
        };
        bench.start(2);
        bench.pass(Duration.ofSeconds(5));

        assertThat(restoredBy).containsExactly("other");
    }

    @Test
    void leasesOfARunnerThatIsGoneAreLetAlone() {
        left("k1", "plane", "nobody-9", true);
        bench.pool("pool", plane, 1).start(1);
        bench.pass(Duration.ofMinutes(1));

        assertThat(order).isEmpty();
        assertThat(bench.journal.ends).isEmpty();
        assertThat(plane.asked).isNotEmpty();
    }

    @Test
    void aLeaseWhoseRunnerIsGoneForADayIsAbandonedWithoutAWord() {
        left("k1", "plane", "nobody-9", true);
        left("k2", "no-such-plane", "pool-1", false);
        bench.pass(Duration.ofDays(1).plusSeconds(1));
        bench.journal.leftOvers.add(new Journal.OpenLease(
                new LeaseRecord("young", "plane", "pool", "nobody-9", "young", "{}", Instant.EPOCH.plusSeconds(2)),
                null, null));
        bench.pool("pool", plane, 1).start(1);
        bench.pass(Duration.ofMinutes(1));

        assertThat(bench.journal.ends).containsExactly("k1", "k2");
        assertThat(order).isEmpty();
        assertThat(plane.asked).isNotEmpty();
    }

    @Test
    void aRecordThatCannotBeReadDoesNotCostTheRunner() {
        left("k1", "plane", "pool-1", true);
        left("k2", "plane", "pool-1", true);
        plane.restored = record -> {
            if (record.key().equals("k1")) {
                throw new IllegalArgumentException("no JSON");
            }
            return lease(record.key());
        };
        bench.pool("pool", plane, 1).start(1);
        bench.pass(Duration.ofMinutes(1));

        assertThat(bench.journal.ends).containsExactly("k1", "k2");
        assertThat(lease("k2").settled).containsExactly(COMPLETE);
        assertThat(plane.asked).isNotEmpty();
    }

    @Test
    void aDrainWaitsForWhatAFormerLifeLeftAndCountsWhatItMustLeave() {
        left("k1", "plane", "pool-1", true);
        lease("k1").beat = () -> Mono.error(new ControlPlaneException.Unavailable("503", null, null));
        Fleet fleet = bench.pool("pool", plane, 1).start(1);
        List<Integer> emitted = new ArrayList<>();
        fleet.drained(Duration.ofMinutes(1)).subscribe(emitted::add);
        bench.pass(Duration.ofSeconds(89));
        assertThat(emitted).isEmpty();

        bench.pass(Duration.ofSeconds(2));

        assertThat(emitted).containsExactly(1);
        assertThat(plane.asked).isEmpty();
        assertThat(bench.journal.ends).isEmpty();
    }

    @Test
    void aLeaseThatWasLostIsWrittenDown() {
        left("k1", "plane", "pool-1", false);
        lease("k1").beat = () -> Mono.just(new HeartbeatReply.Lost("409"));
        bench.pool("pool", plane, 1).start(1);

        assertThat(bench.journal.ends).containsExactly("k1");
        assertThat(lease("k1").settled).isEmpty();
    }
}
