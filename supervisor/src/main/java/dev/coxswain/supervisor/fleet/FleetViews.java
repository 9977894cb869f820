package dev.coxswain.supervisor.fleet;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.fleet.FleetControl.ControlPlaneView;
import dev.coxswain.supervisor.fleet.FleetControl.Page;
import dev.coxswain.supervisor.fleet.FleetControl.PoolView;
import dev.coxswain.supervisor.fleet.FleetControl.Reason;
import dev.coxswain.supervisor.fleet.FleetControl.RunnerView;
import dev.coxswain.supervisor.fleet.FleetControl.ShardingView;
import dev.coxswain.supervisor.fleet.FleetControl.Status;
import dev.coxswain.supervisor.fleet.FleetPlan.PoolPlan;
import dev.coxswain.supervisor.runner.Runner;
import dev.coxswain.supervisor.runner.RunnerState;
import dev.coxswain.supervisor.runner.Slots;

/** What is shown of the fleet and its runners; reads, and changes nothing. Safe from any thread. */
final class FleetViews {
    private final Members members;
    private final Slots slots;
    private final JobBoard board;
    private final Pauses pauses;
    private final Ownership ownership;

    FleetViews(Members members, Slots slots, JobBoard board, Pauses pauses, Ownership ownership) {
        this.members = members;
        this.slots = slots;
        this.board = board;
        this.pauses = pauses;
        this.ownership = ownership;
    }

    Status status(FleetState state) {
        FleetPlan plan = members.plan();
        List<ControlPlaneView> planes = new ArrayList<>();
        for (ControlPlaneConfig config : plan.controlPlanes()) {
            PollScheduler polls = members.scheduler(config.name());
            int runners = plan.pools().stream().filter(pool -> pool.controlPlane().equals(config.name()))
                    .mapToInt(pool -> pool.runners().size()).sum();
            planes.add(new ControlPlaneView(config.name(), config.protocol(), config.url().toString(), runners,
                    config.requestsPerSecond(), polls == null ? 0 : polls.requests(),
                    polls == null ? null : polls.lastSuccess(), polls == null ? null : polls.lastError(),
                    polls == null ? new Circuit.Closed(0).label() : polls.circuit().label(),
                    polls == null ? 0 : polls.requestRate()));
        }
        List<PoolView> pools = plan.pools().stream().map(pool -> new PoolView(pool.name(), pool.controlPlane(),
                pool.services().executorName(), pool.runners().size(), slots.used(pool.name()),
                pool.services().meters().jobsLeased(), states(state, pool), waiting(state, pool))).toList();
        return new Status(plan.name(), plan.version(), state.label(), plan.startedAt(), slots.total(), slots.used(),
                board.runningCount(), planes, pools, sharding(plan));
    }

    private @Nullable ShardingView sharding(FleetPlan plan) {
        Ownership.Sharing sharing = ownership.sharing();
        if (sharing == null) {
            return null;
        }
        Map<Ownership.Hold, Integer> holds = new EnumMap<>(Ownership.Hold.class);
        plan.pools().forEach(
                pool -> pool.runners().forEach(runner -> holds.merge(ownership.of(runner), 1, Integer::sum)));
        return new ShardingView(sharing.mode(), sharing.fleet(), sharing.member(), sharing.membersAlive(),
                sharing.shards(), sharing.shardsHeld(), holds.getOrDefault(Ownership.Hold.HELD, 0),
                holds.getOrDefault(Ownership.Hold.ELSEWHERE, 0),
                holds.getOrDefault(Ownership.Hold.HANDING_OVER, 0), sharing.trouble());
    }

    private Map<String, Integer> states(FleetState state, PoolPlan pool) {
        Map<RunnerState, Integer> counts = new EnumMap<>(RunnerState.class);
        for (RunnerState each : RunnerState.values()) {
            counts.put(each, 0);
        }
        for (Runner runner : pool.runners()) {
            counts.merge(stateOf(state, runner), 1, Integer::sum);
        }
        Map<String, Integer> labelled = new LinkedHashMap<>();
        counts.forEach((each, count) -> labelled.put(each.label(), count));
        return labelled;
    }

    private List<Reason> waiting(FleetState state, PoolPlan pool) {
        String noSlot = noSlot(pool);
        Map<String, Integer> reasons = new HashMap<>();
        for (Runner runner : pool.runners()) {
            if (runner.job() == null) {
                reasons.merge(why(state, runner, noSlot), 1, Integer::sum);
            }
        }
        return reasons.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed().thenComparing(Map.Entry::getKey))
                .limit(FleetControl.MOST_REASONS).map(each -> new Reason(each.getKey(), each.getValue())).toList();
    }

    Page<RunnerView> runners(FleetState state, @Nullable String pool, @Nullable String wanted, Search search,
            int page) {
        List<Found> all = new ArrayList<>();
        for (PoolPlan each : members.plan().pools()) {
            if (pool != null && !pool.equals(each.name())) {
                continue;
            }
            String noSlot = noSlot(each);
            for (Runner runner : each.runners()) {
                RunnerState seen = stateOf(state, runner);
                String why = why(state, runner, noSlot);
                if ((wanted == null || wanted.equals(seen.label()))
                        && search.finds(runner.name(), each.name(), each.controlPlane(), why)) {
                    all.add(new Found(runner, each, seen, why));
                }
            }
        }
        // only what is shown is made into a view: there may be many thousands
        Page<Found> here = Page.of(all, page);
        return new Page<>(here.items().stream().map(Found::view).toList(), here.page(), here.pages(), here.total());
    }

    private record Found(Runner runner, PoolPlan pool, RunnerState state, String why) {
        RunnerView view() {
            List<String> jobs = runner.jobs().stream().map(run -> run.progress().key()).toList();
            return new RunnerView(runner.name(), pool.name(), pool.controlPlane(), state.label(), why,
                    jobs.isEmpty() ? null : jobs.getLast(), jobs);
        }
    }

    private @Nullable String noSlot(PoolPlan pool) {
        String denied = slots.whyDenied(pool.name());
        return denied == null ? null : "no slot: " + denied;
    }

    /** An idle runner of a fleet that drains is draining; one that an operator paused, or that is elsewhere, is paused. */
    RunnerState stateOf(FleetState state, Runner runner) {
        RunnerState seen = runner.state();
        if (seen != RunnerState.IDLE && seen != RunnerState.QUARANTINED) {
            return seen;
        }
        return switch (state) {
            case STARTING, RUNNING -> pauses.covers(runner) || ownership.of(runner) != Ownership.Hold.HELD
                    ? RunnerState.PAUSED
                    : seen;
            case DRAINING -> RunnerState.DRAINING;
            case STOPPED -> RunnerState.STOPPED;
        };
    }

    private String why(FleetState state, Runner runner, @Nullable String noSlot) {
        if (state == FleetState.DRAINING && runner.job() == null) {
            return "the supervisor drains";
        }
        String elsewhere = ownership.whyNot(runner);
        String paused = elsewhere != null ? elsewhere : pauses.why(runner);
        return paused != null
                ? paused
                : noSlot != null && runner.state() == RunnerState.IDLE
                        ? noSlot
                        : runner.why();
    }
}
