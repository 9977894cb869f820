package dev.coxswain.supervisor.fleet;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.fleet.FleetPlan.PoolPlan;
import dev.coxswain.supervisor.journal.Journal;
import dev.coxswain.supervisor.runner.Recovery;
import dev.coxswain.supervisor.runner.Runner;
import dev.coxswain.supervisor.runner.RunnerState;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Lets the runners of a plan begin, each after the end of what it held in a former life. */
final class FormerLeases {
    private static final Logger LOG = LoggerFactory.getLogger(FormerLeases.class);

    private final Members members;
    private final JobBoard board;
    private final OpenWork open;
    private final Journal journal;
    private final FleetClock clock;
    private final Ownership ownership;
    private final Subscriptions subscriptions;

    /** @param subscriptions disposing them leaves what is not over to the next start */
    FormerLeases(Members members, JobBoard board, OpenWork open, Journal journal, FleetClock clock,
            Ownership ownership, Subscriptions subscriptions) {
        this.members = members;
        this.board = board;
        this.open = open;
        this.journal = journal;
        this.clock = clock;
        this.ownership = ownership;
        this.subscriptions = subscriptions;
    }

    /** Begins. Once only. */
    void end(List<Journal.OpenLease> leftOvers) {
        Map<Holder, List<Journal.OpenLease>> byHolder = new LinkedHashMap<>();
        leftOvers.forEach(lease -> byHolder.computeIfAbsent(
                new Holder(lease.lease().controlPlane(), lease.lease().runner()), who -> new ArrayList<>())
                .add(lease));
        if (!leftOvers.isEmpty()) {
            LOG.info("ending leases of a former life: {}", leftOvers.size());
        }
        Set<Runner> recovering = new HashSet<>();
        for (PoolPlan pool : members.plan().pools()) {
            for (Runner runner : pool.runners()) {
                List<Journal.OpenLease> mine = byHolder.remove(new Holder(pool.controlPlane(), runner.name()));
                if (mine != null) {
                    recovering.add(runner);
                    recover(pool, runner, mine);
                }
            }
        }
        // then: another pool may have the credential of one that recovers
        members.plan().pools().forEach(pool -> pool.runners().stream()
                .filter(runner -> !recovering.contains(runner)).forEach(runner -> members.begin(pool, runner)));
        subscriptions.own(Masterless.end(
                byHolder.values().stream().flatMap(List::stream).map(Journal.OpenLease::lease).toList(), journal, clock)
                .flux(), nothing -> {}, failure -> LOG.error("leases without a runner could not be ended", failure));
    }

    /** Whose lease it was: a runner's name alone may occur at several control planes. */
    private record Holder(String controlPlane, String runner) {}

    /**
     * A credential leases nothing new until what it held before is settled. Where several supervisors share the runners, that
     * waits until the runner is held here: the control plane can't tell the lease of a former life from one that
     * another supervisor won since with the same credential, and would take our report for its end.
     */
    private void recover(PoolPlan pool, Runner runner, List<Journal.OpenLease> leases) {
        members.recovers(runner);
        if (ownership.request(runner)) {
            recoverNow(pool, runner, leases);
        } else {
            subscriptions.own(ownership.changes().mergeWith(Mono.just(true))
                    .filter(changed -> ownership.request(runner)).next().flux(),
                    held -> recoverNow(pool, runner, leases), failure -> LOG
                            .error("a lease of a former life is not ended: runner={}", runner.name(), failure));
        }
    }

    private void recoverNow(PoolPlan pool, Runner runner, List<Journal.OpenLease> leases) {
        if (!open.enter()) {
            ownership.inVain(runner);
            return;
        }
        ownership.granted(runner);
        runner.enter(RunnerState.SETTLING, "ends a lease of a former life");
        List<Recovery> recoveries = leases.stream()
                .map(lease -> new Recovery(pool.services(), runner.credential(), lease)).toList();
        recoveries.forEach(recovery -> board.recovers(recovery.progress()));
        subscriptions.own(Flux.fromIterable(recoveries)
                .concatMap(recovery -> recovery.run().doOnTerminate(() -> board.recovered(recovery.progress())))
                .doFinally(signal -> {
                    ownership.ended(runner);
                    open.exit();
                }), end -> {}, failure -> LOG
                        .error("a lease of a former life could not be ended: runner={}", runner.name(), failure),
                () -> members.recovered(runner));
    }
}
