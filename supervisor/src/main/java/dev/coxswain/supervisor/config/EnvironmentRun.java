package dev.coxswain.supervisor.config;

/**
 * What an environment says.
 *
 * @param fleet the same as a file with one control plane and one pool gives
 * @param limits when the process ends by itself
 */
public record EnvironmentRun(FleetFile fleet, RunLimits limits) {}
