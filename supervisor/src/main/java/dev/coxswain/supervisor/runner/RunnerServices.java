package dev.coxswain.supervisor.runner;

import java.util.function.DoubleSupplier;

import dev.coxswain.executors.Executor;
import dev.coxswain.executors.Workload;
import dev.coxswain.supervisor.controlplane.ControlPlane;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.journal.Journal;
import dev.coxswain.supervisor.logs.LogOpener;
import dev.coxswain.supervisor.logs.SecretSet;
import dev.coxswain.supervisor.upload.ArtifactUploads;
import reactor.core.scheduler.Scheduler;

/**
 * What all runners of one pool share.
 *
 * @param pool the pool's name
 * @param slotsPerRunner jobs of one runner at once, 1 or more
 * @param executorName the executor's name in the configuration
 * @param secrets texts that the jobs' logs must not show, besides the runner's own token
 * @param leaseTimer where heartbeats, fences and settle pauses are timed; nothing slow runs there
 * @param random uniform in [0, 1), for jitter
 * @param traces who follows the jobs
 */
public record RunnerServices(String pool, int slotsPerRunner, ControlPlane controlPlane, String executorName,
        Executor executor, Workload workload, Journal journal, LogOpener logs, ArtifactUploads uploads,
        SecretSet secrets,
        FleetClock clock,
        Scheduler leaseTimer, DoubleSupplier random, RunnerMeters meters, JobTraces traces) {
    /** The same, where nobody follows jobs. */
    public RunnerServices(String pool, int slotsPerRunner, ControlPlane controlPlane, String executorName,
            Executor executor, Workload workload, Journal journal, LogOpener logs, ArtifactUploads uploads,
            SecretSet secrets, FleetClock clock, Scheduler leaseTimer, DoubleSupplier random, RunnerMeters meters) {
        this(pool, slotsPerRunner, controlPlane, executorName, executor, workload, journal, logs, uploads, secrets,
                clock, leaseTimer, random, meters, JobTraces.OFF);
    }

    Heartbeats heartbeats() {
        return new Heartbeats(clock, leaseTimer, random);
    }
}
