package dev.coxswain.supervisor.demo;

/**
 * What the demo is asked for.
 *
 * @param jobs jobs, shared out over the control planes
 * @param runners runners of each control plane
 * @param once whether it ends when all jobs are settled; else new ones keep coming until a signal
 * @param faults name of a fault profile
 * @param seed what faults come from
 * @param terminal whether somebody watches: a progress bar instead of lines
 */
public record DemoOptions(int jobs, int runners, boolean once, String faults, long seed, boolean terminal) {}
