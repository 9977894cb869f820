package dev.coxswain.supervisor.fleet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.fleet.FleetPlan.PoolPlan;
import dev.coxswain.supervisor.runner.Runner;
import dev.coxswain.supervisor.runner.RunnerState;

/**
 * The plan in force and the poll schedulers that carry it out; takes over a new plan at a reload. A runner that both
 * plans have stays the same object, so whatever it does at that moment goes on. Safe from any thread.
 */
final class Members {
    private final Opener opener;
    private final CredentialLeases credentials;
    private final FleetClock clock;
    private final Map<String, PollScheduler> schedulers = new ConcurrentHashMap<>();
    /** Of control planes that are gone: jobs of theirs may still run. Closed with the rest. */
    private final List<PollScheduler> retired = new ArrayList<>();
    /** Runners that end a lease of a former life first. */
    private final Set<Runner> recovering = new HashSet<>();
    private volatile FleetPlan plan;
    private boolean stopped;

    /**
     * @param opener makes the scheduler of a control plane
     * @param credentials counts the leases of a former life too
     */
    Members(FleetPlan plan, Opener opener, CredentialLeases credentials, FleetClock clock) {
        this.plan = plan;
        this.opener = opener;
        this.credentials = credentials;
        this.clock = clock;
        int sharing = plan.controlPlanes().size();
        plan.controlPlanes().forEach(config -> schedulers.put(config.name(), opener.open(config, sharing)));
    }

    FleetPlan plan() {
        return plan;
    }

    /** The scheduler of this control plane, or null when it is not in the plan. */
    @Nullable
    PollScheduler scheduler(String controlPlane) {
        return schedulers.get(controlPlane);
    }

    /** Keeps this runner, and every other one with its credential, from polling until what it held is over. */
    synchronized void recovers(Runner runner) {
        recovering.add(runner);
        credentials.occupy(runner.credential().token());
    }

    /** What it held in a former life is over. */
    void recovered(Runner runner) {
        credentials.release(runner.credential().token(), clock.nanos());
        admit(runner);
    }

    /** Lets a runner poll that had to wait; one that is no longer in the plan does not. */
    synchronized void admit(Runner runner) {
        recovering.remove(runner);
        for (PoolPlan pool : plan.pools()) {
            if (pool.runners().contains(runner)) {
                poll(pool, runner);
                return;
            }
        }
        runner.enter(RunnerState.STOPPED, "it is no longer configured");
    }

    /** Lets a runner of the plan poll, at the start. */
    synchronized void begin(PoolPlan pool, Runner runner) {
        poll(pool, runner);
    }

    private void poll(PoolPlan pool, Runner runner) {
        PollScheduler scheduler = schedulers.get(pool.controlPlane());
        if (!stopped && scheduler != null) {
            runner.enter(RunnerState.IDLE, "waiting for its first lease request");
            scheduler.add(runner, pool.weight());
        }
    }

    /** Takes over a plan. Its runners must be new; those that are known already are put in their places. */
    synchronized void apply(FleetPlan next) {
        Map<Identity, Runner> before = new HashMap<>();
        plan.pools().forEach(pool -> pool.runners()
                .forEach(runner -> before.put(new Identity(pool, runner), runner)));
        Map<Identity, Runner> leaving = new HashMap<>(before);
        List<PoolPlan> pools = new ArrayList<>();
        for (PoolPlan pool : next.pools()) {
            pools.add(new PoolPlan(pool.name(), pool.controlPlane(), pool.weight(), pool.services(),
                    pool.runners().stream().map(runner -> {
                        Runner known = leaving.remove(new Identity(pool, runner));
                        if (known == null) {
                            return runner;
                        }
                        known.adopt(runner.services(), runner.credential());
                        return known;
                    }).toList()));
        }
        plan = new FleetPlan(next.name(), next.version(), next.startedAt(), next.controlPlanes(), pools);
        openPlanes(next.controlPlanes());
        Map<Held, Runner> holders = remove(leaving);
        Set<Runner> known = new HashSet<>(before.values());
        for (PoolPlan pool : pools) {
            PollScheduler scheduler = schedulers.get(pool.controlPlane());
            if (scheduler != null) {
                scheduler.reweigh(pool.name(), pool.weight());
            }
            for (Runner runner : pool.runners()) {
                if (known.contains(runner)) {
                    retry(scheduler, runner);
                } else {
                    enter(pool, runner, holders);
                }
            }
        }
        closePlanes();
    }

    /** A credential that moved to another pool leases there when what it held before is over. */
    private void enter(PoolPlan pool, Runner runner, Map<Held, Runner> holders) {
        Runner holder = holders.get(new Held(pool.controlPlane(), runner.credential().token()));
        PollScheduler scheduler = schedulers.get(pool.controlPlane());
        if (holder == null || scheduler == null) {
            poll(pool, runner);
        } else {
            runner.enter(RunnerState.IDLE, "waits for the end of what its credential holds in pool "
                    + holder.services().pool());
            recovering.add(runner);
            scheduler.whenGone(holder, () -> admit(runner));
        }
    }

    private static void retry(@Nullable PollScheduler scheduler, Runner runner) {
        if (scheduler != null && runner.state() == RunnerState.QUARANTINED) {
            scheduler.retryNow(runner);
        }
    }

    private Map<Held, Runner> remove(Map<Identity, Runner> leaving) {
        Map<Held, Runner> holders = new HashMap<>();
        leaving.forEach((identity, runner) -> {
            PollScheduler scheduler = schedulers.get(identity.controlPlane());
            if (scheduler != null) {
                scheduler.remove(runner);
            }
            holders.put(new Held(identity.controlPlane(), runner.credential().token()), runner);
        });
        return holders;
    }

    private void openPlanes(List<ControlPlaneConfig> configs) {
        for (ControlPlaneConfig config : configs) {
            PollScheduler scheduler = schedulers.get(config.name());
            if (scheduler == null) {
                schedulers.put(config.name(), opener.open(config, configs.size()));
            } else {
                scheduler.retune(config);
                scheduler.shareWith(configs.size());
            }
        }
    }

    private void closePlanes() {
        Set<String> names = new HashSet<>(schedulers.keySet());
        plan.controlPlanes().forEach(config -> names.remove(config.name()));
        for (String name : names) {
            PollScheduler gone = schedulers.remove(name);
            if (gone != null) {
                gone.stop();
                retired.add(gone);
            }
        }
    }

    /** Other runners are paused now. */
    void heldChanged() {
        schedulers.values().forEach(PollScheduler::heldChanged);
    }

    /** No poll leaves any more. */
    synchronized void stopPolls() {
        stopped = true;
        schedulers.values().forEach(PollScheduler::stop);
    }

    /** Lets go of every timer and request. */
    synchronized void dispose() {
        stopped = true;
        schedulers.values().forEach(PollScheduler::dispose);
        retired.forEach(PollScheduler::dispose);
    }

    /** Makes the scheduler of a control plane; so many share the slots. */
    interface Opener {
        PollScheduler open(ControlPlaneConfig config, int sharing);
    }

    /** Who a runner is over reloads: pool and credential are in its name. */
    private record Identity(String controlPlane, String pool, String runner) {
        Identity(PoolPlan pool, Runner runner) {
            this(pool.controlPlane(), pool.name(), runner.name());
        }
    }

    private record Held(String controlPlane, Secret token) {}
}
