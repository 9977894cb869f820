package dev.coxswain.supervisor.config;

import java.util.List;
import java.util.OptionalInt;

import dev.coxswain.supervisor.controlplane.Credential;

/**
 * One of {@code pools:}.
 *
 * @param name unique in the file; the label {@code pool}
 * @param controlPlane name of an entry of {@link FleetFile#controlPlanes()}
 * @param credentials one for each runner, at least one, no two alike; in the order of file, variable, values
 * @param slotsPerRunner jobs at once on one runner; default 1
 * @param labels labels of the runners, where the protocol knows labels
 * @param workload what its jobs mean
 * @param executor name of an entry of {@link FleetFile#executors()}
 * @param weight share of the slots when the host is full; default 1
 * @param minSlots slots that no other pool may take; the sum over all pools is at most {@code slots.total}
 * @param maxSlots slots that the pool may take; absent means all
 */
public record PoolConfig(String name, String controlPlane, List<Credential> credentials, int slotsPerRunner,
        List<String> labels, WorkloadEntry workload, String executor, int weight, OptionalInt minSlots,
        OptionalInt maxSlots) {
    public PoolConfig {
        credentials = List.copyOf(credentials);
        labels = List.copyOf(labels);
    }
}
