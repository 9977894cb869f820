package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.coxswain.executors.Job;
import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.journal.Journal;
import dev.coxswain.supervisor.runner.Runner;
import dev.coxswain.supervisor.testing.ScriptedLease;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;

/** A fleet that is one of several: runners that lease elsewhere, come and go; in virtual time. */
class OwnershipTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final FleetBench bench = new FleetBench(52);
    private final ScriptedPlane plane = bench.plane("plane");
    private final Shared shared = new Shared();

    /** Of the names in {@code here} it holds the runners. */
    private static final class Shared implements Ownership {
        final Set<String> here = new HashSet<>();
        final List<String> under = new ArrayList<>();
        final Sinks.Many<Boolean> changes = Sinks.many().multicast().directBestEffort();
        /** Names that it holds no more, and has told nobody. */
        final Set<String> lapsed = new HashSet<>();
        boolean draining;
        @Nullable
        String trouble;

        @Override
        public Sharing sharing() {
            return new Sharing("kubernetes", "ours", "build-01", 2, 8, 3, trouble);
        }

        @Override
        public boolean ready() {
            return trouble == null;
        }

        @Override
        public Hold of(Runner runner) {
            return here.contains(runner.name()) ? Hold.HELD : Hold.ELSEWHERE;
        }

        @Override
        public @Nullable String whyNot(Runner runner) {
            return of(runner) == Hold.HELD ? null : "held by build-02";
        }

        @Override
        public boolean request(Runner runner) {
            if (lapsed.contains(runner.name())) {
                here.remove(runner.name());
            }
            boolean mine = of(runner) == Hold.HELD;
            if (mine) {
                under.add("request " + runner.name());
            }
            return mine;
        }

        @Override
        public void inVain(Runner runner) {
            assertThat(under.remove("request " + runner.name())).isTrue();
        }

        @Override
        public void granted(Runner runner) {
            assertThat(under.remove("request " + runner.name())).isTrue();
            under.add("job " + runner.name());
        }

        @Override
        public void ended(Runner runner) {
            assertThat(under.remove("job " + runner.name())).isTrue();
        }

        @Override
        public boolean mayPresent(Runner runner) {
            return of(runner) == Hold.HELD;
        }

        @Override
        public Flux<Boolean> changes() {
            return changes.asFlux();
        }

        @Override
        public void drain() {
            draining = true;
        }
    }

    private Fleet fleet() {
        bench.ownership = shared;
        plane.presenceInterval = Duration.ofSeconds(30);
        Fleet fleet = bench.pool("pool", plane, 4).start(4);
        new FleetGauges(fleet, bench.meters, bench.clock).cover(fleet.plan());
        return fleet;
    }

    @Test
    void onlyRunnersThatAreHeldAreAskedForAndToldOf() {
        shared.here.add("pool-1");
        Fleet fleet = fleet();
        bench.pass(MINUTE.multipliedBy(2));

        assertThat(plane.asked).isNotEmpty().allMatch(asked -> asked.runner().equals("pool-1"));
        assertThat(plane.presences).isNotEmpty().allMatch(told -> told.runner().equals("pool-1"));
        assertThat(fleet.runners(null, "paused", 1).items()).hasSize(3)
                .allMatch(view -> view.why().equals("held by build-02"));
        assertThat(bench.gauge("coxswain_shard_runners", "state", "held")).isEqualTo(1);
        assertThat(bench.gauge("coxswain_shard_runners", "state", "elsewhere")).isEqualTo(3);
        assertThat(shared.under).isEmpty();
    }

    @Test
    void whoComesIsAskedForSoonAndWhoGoesNoMore() {
        shared.here.add("pool-1");
        fleet();
        bench.pass(MINUTE);
        shared.here.add("pool-2");
        shared.here.remove("pool-1");
        shared.changes.tryEmitNext(true);
        plane.asked.clear();
        bench.pass(Duration.ofSeconds(2));

        assertThat(plane.asked).isNotEmpty().allMatch(asked -> asked.runner().equals("pool-2"));
    }

    @Test
    void aRunnerThatWasLostWithoutAWordIsFoundOutAtItsNextRequest() {
        shared.here.addAll(Set.of("pool-1", "pool-2"));
        Fleet fleet = fleet();
        bench.pass(MINUTE);
        shared.lapsed.add("pool-1");
        plane.asked.clear();
        bench.pass(MINUTE.multipliedBy(2));

        assertThat(plane.asked).isNotEmpty().allMatch(asked -> asked.runner().equals("pool-2"));
        assertThat(fleet.status().slotsUsed()).isZero();
    }

    @Test
    void aJobCountsUntilItsEndAndGoesOnWhenItsRunnerIsElsewhere() {
        shared.here.add("pool-1");
        plane.answer = runner -> plane.granted.isEmpty()
                ? Mono.just(plane.job("ok 30000"))
                : ScriptedPlane.noJob();
        Fleet fleet = fleet();
        bench.pass(Duration.ofSeconds(10));
        assertThat(shared.under).containsExactly("job pool-1");
        shared.here.remove("pool-1");
        shared.changes.tryEmitNext(true);
        plane.asked.clear();
        bench.pass(MINUTE);

        assertThat(shared.under).isEmpty();
        assertThat(plane.asked).isEmpty();
        assertThat(bench.count("coxswain_jobs_settled_total", "result", "success")).isEqualTo(1);
        fleet.drain();
        assertThat(shared.draining).isTrue();
    }

    /** The control plane can't tell it from a lease that another supervisor won since with the same credential. */
    @Test
    void aLeaseOfAFormerLifeIsEndedWhenItsRunnerIsHeldHere() {
        ScriptedLease lease = new ScriptedLease(bench.clock, Duration.ofSeconds(60), new Job("old", "j1", "ok 1"));
        List<String> restored = new ArrayList<>();
        plane.restored = record -> {
            restored.add(record.key());
            return lease;
        };
        bench.journal.leftOvers.add(new Journal.OpenLease(
                new LeaseRecord("old", "plane", "pool", "pool-2", "j1", "{}", bench.clock.now()), null, null));
        shared.here.add("pool-1");
        fleet();
        bench.pass(MINUTE);
        assertThat(restored).isEmpty();
        assertThat(plane.askedBy("pool-1")).isPositive();
        shared.here.add("pool-2");
        shared.changes.tryEmitNext(true);
        bench.pass(MINUTE);

        assertThat(restored).containsExactly("old");
        assertThat(shared.under).isEmpty();
        assertThat(plane.askedBy("pool-2")).isPositive();
    }

    @Test
    void whatIsOverIsOwnedNoMore() {
        plane.restored = record -> new ScriptedLease(bench.clock, Duration.ofSeconds(60), new Job("old", "j1", "ok 1"));
        bench.journal.leftOvers.add(new Journal.OpenLease(
                new LeaseRecord("old", "plane", "pool", "pool-2", "j1", "{}", bench.clock.now()), null, null));
        shared.here.add("pool-1");
        plane.answer = runner -> plane.granted.size() < 3
                ? Mono.just(plane.job("ok 1000"))
                : ScriptedPlane.noJob();
        Fleet fleet = fleet();
        // it hears of changes, and waits for the runner of the lease that is left
        assertThat(fleet.subscriptions()).isEqualTo(2 + fleet.status().jobsRunning());
        bench.pass(MINUTE.multipliedBy(5));
        assertThat(plane.granted).hasSize(3);
        assertThat(fleet.status().jobsRunning()).isZero();
        assertThat(fleet.subscriptions()).isEqualTo(2);

        shared.here.add("pool-2");
        shared.changes.tryEmitNext(true);
        bench.pass(MINUTE);

        assertThat(bench.journal.ends).contains("old");
        assertThat(fleet.subscriptions()).isEqualTo(1);
    }

    @Test
    void theStatusSaysHowRunnersAreShared() {
        shared.here.add("pool-1");
        bench.ownership = shared;
        Fleet fleet = bench.pool("pool", plane, 3).start(2);

        assertThat(fleet.status().sharding()).isEqualTo(
                new FleetControl.ShardingView("kubernetes", "ours", "build-01", 2, 8, 3, 1, 2, 0, null));
        assertThat(fleet.ready()).isTrue();
        assertThat(fleet.whyNotReady()).isNull();

        shared.trouble = "has not joined";
        assertThat(fleet.ready()).isFalse();
        assertThat(fleet.whyNotReady()).isEqualTo("has not joined");
        assertThat(fleet.status().sharding()).extracting(FleetControl.ShardingView::trouble)
                .isEqualTo("has not joined");
    }

    @Test
    void whoIsAloneSaysNothingOfSharing() {
        Fleet fleet = bench.pool("pool", plane, 3).start(2);

        assertThat(fleet.status().sharding()).isNull();
        assertThat(fleet.whyNotReady()).isNull();
    }
}
