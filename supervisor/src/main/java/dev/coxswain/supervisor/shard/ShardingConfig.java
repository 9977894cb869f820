package dev.coxswain.supervisor.shard;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/** How several supervisors share the credentials. */
public sealed interface ShardingConfig {
    /** There is one supervisor. */
    record None() implements ShardingConfig {}

    /**
     * A fixed number of supervisors, each told which it is.
     *
     * @param index from 0
     * @param count how many there are
     */
    record Static(int index, int count) implements ShardingConfig {}

    /**
     * Any number of supervisors, which meet through Leases of a Kubernetes API server.
     *
     * @param namespace where the Leases are; null for that of the pod or of the kubeconfig's context
     * @param fleet what these supervisors have in common; begins the Leases' names
     * @param member the name of this supervisor among them
     * @param shards into how many parts the identities are divided; all supervisors agree on it
     * @param leaseDuration how long a supervisor that says nothing keeps its part
     */
    record Kubernetes(@Nullable String namespace, String fleet, String member, int shards, Duration leaseDuration)
            implements
                ShardingConfig {}

    /** Parts of a fleet when nothing is configured: even to a tenth or so among five supervisors. */
    int DEFAULT_SHARDS = 64;
    /** So that the part of a dead supervisor is taken over within 30 s. */
    Duration DEFAULT_LEASE_DURATION = Duration.ofSeconds(10);
}
