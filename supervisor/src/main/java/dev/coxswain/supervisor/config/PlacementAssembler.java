package dev.coxswain.supervisor.config;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.coxswain.executors.kubernetes.PodPlacement;
import dev.coxswain.supervisor.config.PlacementKeys.Toleration;

/** Makes an executor's placement of pods, and refuses what the cluster would refuse with each pod. */
final class PlacementAssembler {
    private PlacementAssembler() {}

    static PodPlacement assemble(Section executor) {
        Map<String, String> selector = Objects.requireNonNullElse(executor.find(PlacementKeys.NODE_SELECTOR), Map.of());
        List<Section> tolerations = Objects.requireNonNullElse(executor.find(PlacementKeys.TOLERATIONS), List.of());
        return new PodPlacement(selector, tolerations.stream().map(PlacementAssembler::toleration).toList());
    }

    private static PodPlacement.Toleration toleration(Section section) {
        String operator = section.get(Toleration.OPERATOR);
        if (operator.equals(PlacementKeys.EXISTS) && section.isWritten(Toleration.VALUE)) {
            section.refuse(Toleration.VALUE, "does not go with operator Exists", "remove it, or use Equal");
        }
        if (operator.equals(PlacementKeys.EQUAL) && !section.isWritten(Toleration.KEY)) {
            section.refuse(Toleration.KEY, "is missing", "operator Exists without a key tolerates every taint");
        }
        if (section.isWritten(Toleration.SECONDS)
                && !PlacementKeys.NO_EXECUTE.equals(section.find(Toleration.EFFECT))) {
            section.refuse(Toleration.SECONDS, "goes with effect NoExecute only", null);
        }
        Integer seconds = section.find(Toleration.SECONDS);
        return new PodPlacement.Toleration(section.find(Toleration.KEY), operator, section.find(Toleration.VALUE),
                section.find(Toleration.EFFECT), seconds == null ? null : Long.valueOf(seconds));
    }
}
