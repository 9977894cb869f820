package dev.coxswain.executors.kubernetes;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * On which nodes pods may run.
 *
 * @param nodeSelector labels that a node must have, in the order of the configuration
 * @param tolerations taints of nodes that do not keep the pods away
 */
public record PodPlacement(Map<String, String> nodeSelector, List<Toleration> tolerations) {
    /** On every node that the cluster gives to anybody. */
    public static final PodPlacement ANYWHERE = new PodPlacement(Map.of(), List.of());

    public PodPlacement {
        nodeSelector = Collections.unmodifiableMap(new LinkedHashMap<>(nodeSelector));
        tolerations = List.copyOf(tolerations);
    }

    /**
     * One of them, as the cluster has them.
     *
     * @param key of the taint; null for every taint, which only {@code Exists} can mean
     * @param operator {@code Equal} or {@code Exists}
     * @param value of the taint, for {@code Equal}
     * @param effect {@code NoSchedule}, {@code PreferNoSchedule} or {@code NoExecute}; null for all of them
     * @param seconds how long a pod stays on a node that gets the taint; null for ever; for {@code NoExecute}
     */
    public record Toleration(@Nullable String key, String operator, @Nullable String value, @Nullable String effect,
            @Nullable Long seconds) {}
}
