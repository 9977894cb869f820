package dev.coxswain.supervisor.config;

import java.time.Duration;
import java.util.List;

import dev.coxswain.supervisor.shard.ShardingConfig;

/** {@code sharding}. */
final class ShardingKeys {
    static final String NONE = "none";
    static final String STATIC = "static";
    static final String KUBERNETES = "kubernetes";
    static final ConfigKey<String> MODE = ConfigKey.preset("mode",
            Values.choice(List.of(NONE, STATIC, KUBERNETES), List.of()), NONE,
            "how several supervisors share the credentials: not at all; each a fixed part; or by Leases of a Kubernetes API server");
    static final ConfigKey<Integer> INDEX = ConfigKey.optional("index", Values.integer(0, 9_999),
            "the number at the end of the host name, as a StatefulSet gives it",
            "static: which of them this supervisor is, from 0; best as \"${NAME}\"");
    static final ConfigKey<Integer> COUNT = ConfigKey.optional("count", Values.integer(1, 10_000),
            "**required** by static", "static: how many supervisors there are");
    static final ConfigKey<String> NAMESPACE = ConfigKey.optional("namespace", Values.KUBERNETES_NAME,
            "that of the pod, else of the kubeconfig's context", "kubernetes: where the Leases are");
    static final ConfigKey<String> FLEET = ConfigKey.preset("fleet", Values.KUBERNETES_NAME, "coxswain",
            "kubernetes: what these supervisors have in common; the names of the Leases begin with it");
    static final ConfigKey<String> MEMBER = ConfigKey.optional("member", Values.KUBERNETES_NAME,
            "`POD_NAME`, else `supervisor.name`",
            "kubernetes: the name of this supervisor among them; two never take part under one name");
    static final ConfigKey<Integer> SHARDS = ConfigKey.preset("shards", Values.integer(1, 999),
            ShardingConfig.DEFAULT_SHARDS,
            "kubernetes: parts that the credentials are divided into, the same number at every supervisor; each part is one Lease");
    static final ConfigKey<Duration> LEASE_DURATION = ConfigKey.preset("leaseDuration",
            Values.duration(Duration.ofSeconds(2), Duration.ofMinutes(10)),
            ShardingConfig.DEFAULT_LEASE_DURATION,
            "kubernetes: a supervisor that can't renew its Lease stops leasing after four fifths of it, and is replaced after six fifths; the same at every supervisor");
    /** The keys that belong to one mode only. */
    static final List<ConfigKey<?>> OF_STATIC = List.of(INDEX, COUNT);
    static final List<ConfigKey<?>> OF_KUBERNETES = List.of(NAMESPACE, FLEET, MEMBER, SHARDS, LEASE_DURATION);
    static final ConfigKeys ALL = ConfigKeys.of(MODE, INDEX, COUNT, NAMESPACE, FLEET, MEMBER, SHARDS,
            LEASE_DURATION).decidedBy(MODE);

    private ShardingKeys() {}
}
