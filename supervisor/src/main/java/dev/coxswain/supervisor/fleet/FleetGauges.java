package dev.coxswain.supervisor.fleet;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.fleet.FleetPlan.PoolPlan;
import dev.coxswain.supervisor.metrics.FleetMeters;
import dev.coxswain.supervisor.metrics.Meters;
import dev.coxswain.supervisor.runner.JobProgress;
import dev.coxswain.supervisor.runner.JobRun;
import dev.coxswain.supervisor.runner.Runner;
import dev.coxswain.supervisor.runner.RunnerState;

/** The gauges that are read from the fleet when somebody asks, so that nothing is counted twice. */
public final class FleetGauges {
    private static final long KEEP_NANOS = 1_000_000_000;

    private final Fleet fleet;
    private final Meters meters;
    private final FleetClock clock;
    private Map<String, Map<RunnerState, Integer>> counted = Map.of();
    private Map<Ownership.Hold, Integer> held = Map.of();
    private long countedAtNanos;
    private boolean everCounted;

    public FleetGauges(Fleet fleet, Meters meters, FleetClock clock) {
        this.fleet = fleet;
        this.meters = meters;
        this.clock = clock;
    }

    /** Registers the gauges of this plan; again after a reload. What is gone stays, at zero. */
    public void cover(FleetPlan plan) {
        for (FleetState state : FleetState.values()) {
            meters.stateGauge(FleetMeters.SUPERVISOR_STATE, state.label(), () -> fleet.state() == state ? 1 : 0);
        }
        for (Ownership.Hold hold : Ownership.Hold.values()) {
            meters.stateGauge(FleetMeters.SHARD_RUNNERS, hold.label(), () -> held(hold));
        }
        for (PoolPlan pool : plan.pools()) {
            for (RunnerState state : RunnerState.values()) {
                meters.stateGauge(FleetMeters.RUNNERS, state.label(), () -> runners(pool.name(), state),
                        pool.name());
            }
            meters.gauge(FleetMeters.JOBS_RUNNING, () -> running(pool.name()), pool.name(),
                    pool.services().executorName());
        }
        for (ControlPlaneConfig plane : plan.controlPlanes()) {
            meters.gauge(FleetMeters.LEASE_LAST_SUCCESS, () -> lastSuccess(plane.name()), plane.name());
            meters.gauge(FleetMeters.LEASE_REQUEST_RATE, () -> requestRate(plane.name()), plane.name());
            meters.gauge(FleetMeters.CIRCUIT_STATE, () -> circuit(plane.name()), plane.name());
            meters.gauge(FleetMeters.LEASE_REMAINING_MIN, () -> remaining(plane.name()), plane.name());
            meters.gauge(FleetMeters.OUTBOX_ENTRIES, () -> settling(plane.name()), plane.name());
            meters.gauge(FleetMeters.OUTBOX_OLDEST_AGE, () -> oldestSettling(plane.name()), plane.name());
        }
    }

    /** Counts all runners once a second at most, however many states are asked for. */
    private synchronized int runners(String pool, RunnerState state) {
        recount();
        return counted.getOrDefault(pool, Map.of()).getOrDefault(state, 0);
    }

    private synchronized int held(Ownership.Hold hold) {
        recount();
        return held.getOrDefault(hold, 0);
    }

    private void recount() {
        if (!everCounted || clock.nanos() - countedAtNanos > KEEP_NANOS) {
            everCounted = true;
            countedAtNanos = clock.nanos();
            counted = fleet.plan().pools().stream().collect(
                    Collectors.toMap(PoolPlan::name, this::count));
            Map<Ownership.Hold, Integer> holds = new EnumMap<>(Ownership.Hold.class);
            fleet.plan().pools().forEach(pool -> pool.runners()
                    .forEach(runner -> holds.merge(fleet.holdOf(runner), 1, Integer::sum)));
            held = holds;
        }
    }

    private Map<RunnerState, Integer> count(PoolPlan pool) {
        Map<RunnerState, Integer> states = new EnumMap<>(RunnerState.class);
        for (Runner runner : pool.runners()) {
            states.merge(fleet.stateOf(runner), 1, Integer::sum);
        }
        return states;
    }

    private long running(String pool) {
        // what is being settled is in the outbox: it may have no slot any more, so that it would look like one too many
        return fleet.board().running().stream().map(JobRun::progress)
                .filter(job -> job.pool().equals(pool) && job.state() != RunnerState.SETTLING).count();
    }

    private double lastSuccess(String controlPlane) {
        PollScheduler polls = fleet.polls(controlPlane);
        Instant last = polls == null ? null : polls.lastSuccess();
        return last == null ? 0 : last.toEpochMilli() / 1000.0;
    }

    private double requestRate(String controlPlane) {
        PollScheduler polls = fleet.polls(controlPlane);
        return polls == null ? 0 : polls.requestRate();
    }

    private int circuit(String controlPlane) {
        PollScheduler polls = fleet.polls(controlPlane);
        return polls == null ? 0 : polls.circuit().number();
    }

    private double remaining(String controlPlane) {
        return fleet.board().running().stream().filter(run -> run.progress().controlPlane().equals(controlPlane))
                .mapToLong(JobRun::untilFenceNanos).filter(nanos -> nanos != Long.MAX_VALUE).min().stream()
                .mapToDouble(nanos -> nanos / 1e9).findFirst().orElse(Double.NaN);
    }

    private long settling(String controlPlane) {
        return ofPlane(controlPlane).count();
    }

    private double oldestSettling(String controlPlane) {
        return ofPlane(controlPlane).map(JobProgress::settlingSince).filter(Objects::nonNull)
                .mapToDouble(since -> (clock.now().toEpochMilli() - since.toEpochMilli()) / 1000.0).max().orElse(0);
    }

    private Stream<JobProgress> ofPlane(String controlPlane) {
        return fleet.board().settling().stream().filter(job -> job.controlPlane().equals(controlPlane));
    }
}
