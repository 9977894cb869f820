package dev.coxswain.supervisor;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.coxswain.supervisor.config.ExecutorEntry;
import dev.coxswain.supervisor.config.FleetFile;
import dev.coxswain.supervisor.doctor.ClusterNeed;
import dev.coxswain.supervisor.doctor.ClusterNeed.Right;
import dev.coxswain.supervisor.shard.ShardingConfig;

/** What a configuration needs of a Kubernetes cluster. */
public final class ClusterNeeds {
    private static final List<Right> PODS = Stream.concat(
            Stream.of("create", "get", "list", "watch", "delete").map(verb -> new Right("", "pods", verb)),
            // a web socket asks for get, and newer servers for create as well
            Stream.of("create", "get").map(verb -> new Right("", "pods/exec", verb))).toList();
    private static final List<Right> LEASES = Stream.of("list", "create", "update", "delete")
            .map(verb -> new Right("coordination.k8s.io", "leases", verb)).toList();

    private ClusterNeeds() {}

    /** Those of its executors, in the order of the file, then that of sharding; none when it uses no cluster. */
    public static List<ClusterNeed> of(FleetFile config) {
        List<ClusterNeed> needs = new ArrayList<>();
        config.executors().values().forEach(executor -> {
            switch (executor) {
                case ExecutorEntry.ProcessExecutor process -> {
                }
                case ExecutorEntry.ContainerExecutor containers -> {
                }
                case ExecutorEntry.KubernetesExecutor(var pods) -> needs.add(new ClusterNeed("pods of jobs",
                        pods.namespace(), PODS, "deploy/kubernetes/overlays/pods-executor/rbac.yaml"));
            }
        });
        switch (config.sharding()) {
            case ShardingConfig.None none -> {
            }
            case ShardingConfig.Static fixed -> {
            }
            case ShardingConfig.Kubernetes leases -> needs.add(new ClusterNeed("leases of sharding",
                    leases.namespace(), LEASES, "deploy/kubernetes/overlays/sharded/rbac.yaml"));
        }
        return needs.stream().distinct().toList();
    }
}
