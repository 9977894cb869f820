package dev.coxswain.supervisor.fleet;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.fleet.FleetPlan.PoolPlan;
import dev.coxswain.supervisor.metrics.FleetMeters;
import dev.coxswain.supervisor.metrics.Meters;
import dev.coxswain.supervisor.runner.JobRun;
import dev.coxswain.supervisor.runner.Runner;
import dev.coxswain.supervisor.runner.RunnerState;

/** The gauges that are read from the fleet when somebody asks, so that nothing is counted twice. */
public final class FleetGauges {
    private static final long KEEP_NANOS = 1_000_000_000;

    private final Fleet fleet;
    private final FleetClock clock;
    private Map<String, Map<RunnerState, Integer>> counted = Map.of();
    private long countedAtNanos;
    private boolean everCounted;

    private FleetGauges(Fleet fleet, FleetClock clock) {
        this.fleet = fleet;
        this.clock = clock;
    }

    /** Registers the gauges of this fleet. */
    public static void register(Fleet fleet, Meters meters, FleetClock clock) {
        FleetGauges gauges = new FleetGauges(fleet, clock);
        for (FleetState state : FleetState.values()) {
            meters.stateGauge(FleetMeters.SUPERVISOR_STATE, state.label(), () -> fleet.state() == state ? 1 : 0);
        }
        for (PoolPlan pool : fleet.plan().pools()) {
            for (RunnerState state : RunnerState.values()) {
                meters.stateGauge(FleetMeters.RUNNERS, state.label(), () -> gauges.runners(pool.name(), state),
                        pool.name());
            }
            meters.gauge(FleetMeters.JOBS_RUNNING, () -> gauges.running(pool.name()), pool.name(),
                    pool.services().executorName());
        }
        for (ControlPlaneConfig plane : fleet.plan().controlPlanes()) {
            meters.gauge(FleetMeters.LEASE_LAST_SUCCESS, () -> gauges.lastSuccess(plane.name()), plane.name());
            meters.gauge(FleetMeters.LEASE_REQUEST_RATE, () -> fleet.polls(plane.name()).requestRate(), plane.name());
            meters.gauge(FleetMeters.CIRCUIT_STATE, () -> fleet.polls(plane.name()).circuit().number(), plane.name());
            meters.gauge(FleetMeters.LEASE_REMAINING_MIN, () -> gauges.remaining(plane.name()), plane.name());
            meters.gauge(FleetMeters.OUTBOX_ENTRIES, () -> gauges.settling(plane.name()), plane.name());
            meters.gauge(FleetMeters.OUTBOX_OLDEST_AGE, () -> gauges.oldestSettling(plane.name()), plane.name());
        }
    }

    /** Counts all runners once a second at most, however many states are asked for. */
    private synchronized int runners(String pool, RunnerState state) {
        if (!everCounted || clock.nanos() - countedAtNanos > KEEP_NANOS) {
            everCounted = true;
            countedAtNanos = clock.nanos();
            counted = fleet.plan().pools().stream().collect(
                    Collectors.toMap(PoolPlan::name, this::count));
        }
        return counted.getOrDefault(pool, Map.of()).getOrDefault(state, 0);
    }

    private Map<RunnerState, Integer> count(PoolPlan pool) {
        Map<RunnerState, Integer> states = new EnumMap<>(RunnerState.class);
        for (Runner runner : pool.runners()) {
            states.merge(fleet.stateOf(runner), 1, Integer::sum);
        }
        return states;
    }

    private long running(String pool) {
        return fleet.board().running().stream().filter(run -> run.progress().pool().equals(pool)).count();
    }

    private double lastSuccess(String controlPlane) {
        Instant last = fleet.polls(controlPlane).lastSuccess();
        return last == null ? 0 : last.toEpochMilli() / 1000.0;
    }

    private double remaining(String controlPlane) {
        return fleet.board().running().stream().filter(run -> run.progress().controlPlane().equals(controlPlane))
                .mapToLong(JobRun::untilFenceNanos).filter(nanos -> nanos != Long.MAX_VALUE).min().stream()
                .mapToDouble(nanos -> nanos / 1e9).findFirst().orElse(Double.NaN);
    }

    private long settling(String controlPlane) {
        return fleet.board().running().stream().filter(run -> isSettling(run, controlPlane)).count();
    }

    private double oldestSettling(String controlPlane) {
        return fleet.board().running().stream().filter(run -> isSettling(run, controlPlane))
                .map(run -> run.progress().settlingSince()).filter(Objects::nonNull)
                .mapToDouble(since -> (clock.now().toEpochMilli() - since.toEpochMilli()) / 1000.0).max().orElse(0);
    }

    private static boolean isSettling(JobRun run, String controlPlane) {
        return run.progress().controlPlane().equals(controlPlane) && run.progress().state() == RunnerState.SETTLING;
    }
}
