package dev.coxswain.supervisor.fleet;

import java.time.Instant;
import java.util.List;

import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.runner.Runner;
import dev.coxswain.supervisor.runner.RunnerServices;

/**
 * What a fleet is made of.
 *
 * @param name the supervisor's name
 * @param version its version
 */
public record FleetPlan(String name, String version, Instant startedAt, List<ControlPlaneConfig> controlPlanes,
        List<PoolPlan> pools) {
    public FleetPlan {
        controlPlanes = List.copyOf(controlPlanes);
        pools = List.copyOf(pools);
    }

    /**
     * One pool.
     *
     * @param weight its share of the polls when slots are short
     */
    public record PoolPlan(String name, String controlPlane, int weight, RunnerServices services,
            List<Runner> runners) {
        public PoolPlan {
            runners = List.copyOf(runners);
        }
    }
}
