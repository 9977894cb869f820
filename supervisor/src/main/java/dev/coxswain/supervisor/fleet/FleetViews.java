package dev.coxswain.supervisor.fleet;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.fleet.FleetControl.ControlPlaneView;
import dev.coxswain.supervisor.fleet.FleetControl.Page;
import dev.coxswain.supervisor.fleet.FleetControl.PoolView;
import dev.coxswain.supervisor.fleet.FleetControl.RunnerView;
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

    FleetViews(Members members, Slots slots, JobBoard board, Pauses pauses) {
        this.members = members;
        this.slots = slots;
        this.board = board;
        this.pauses = pauses;
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
                pool.services().meters().jobsLeased())).toList();
        return new Status(plan.name(), plan.version(), state.label(), plan.startedAt(), slots.total(), slots.used(),
                board.runningCount(), planes, pools);
    }

    Page<RunnerView> runners(FleetState state, @Nullable String pool, @Nullable String wanted, int page) {
        List<RunnerView> all = new ArrayList<>();
        for (PoolPlan each : members.plan().pools()) {
            if (pool != null && !pool.equals(each.name())) {
                continue;
            }
            String noSlot = slots.whyDenied(each.name());
            for (Runner runner : each.runners()) {
                List<String> jobs = runner.jobs().stream().map(run -> run.progress().key()).toList();
                RunnerState seen = stateOf(state, runner);
                if (wanted == null || wanted.equals(seen.label())) {
                    all.add(new RunnerView(runner.name(), each.name(), each.controlPlane(), seen.label(),
                            why(state, runner, noSlot), jobs.isEmpty() ? null : jobs.getLast(), jobs));
                }
            }
        }
        return Page.of(all, page);
    }

    /** An idle runner of a fleet that drains is draining; one that an operator paused is paused. */
    RunnerState stateOf(FleetState state, Runner runner) {
        RunnerState seen = runner.state();
        if (seen != RunnerState.IDLE && seen != RunnerState.QUARANTINED) {
            return seen;
        }
        return switch (state) {
            case STARTING, RUNNING -> pauses.covers(runner) ? RunnerState.PAUSED : seen;
            case DRAINING -> RunnerState.DRAINING;
            case STOPPED -> RunnerState.STOPPED;
        };
    }

    private String why(FleetState state, Runner runner, @Nullable String noSlot) {
        if (state == FleetState.DRAINING && runner.job() == null) {
            return "the supervisor drains";
        }
        String paused = pauses.why(runner);
        return paused != null
                ? paused
                : noSlot != null && runner.state() == RunnerState.IDLE
                        ? "no slot: " + noSlot
                        : runner.why();
    }
}
