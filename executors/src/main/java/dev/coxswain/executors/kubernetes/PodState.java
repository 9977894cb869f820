package dev.coxswain.executors.kubernetes;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;

/** What the cluster tells of a pod, in words for whoever wrote the configuration. */
sealed interface PodState {
    /**
     * Not there yet.
     *
     * @param waitsFor what holds it up
     */
    record Starting(String waitsFor) implements PodState {}

    /** Commands can run in it. */
    record Running() implements PodState {}

    /** It will not run, however long one waits. */
    record Hopeless(String why) implements PodState {}

    /** It has ended, or is gone. */
    record Over(String why) implements PodState {}

    /** Reasons that no waiting helps against. A pull that was tried a second time counts as one. */
    Set<String> HOPELESS = Set.of("ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError",
            "CreateContainerConfigError", "CreateContainerError", "RunContainerError", "CrashLoopBackOff");

    /** What this pod's status says. */
    static PodState of(Pod pod) {
        PodStatus status = pod.getStatus();
        if (status == null) {
            return new Starting("the cluster has not looked at it yet");
        }
        ContainerState container = Stream.ofNullable(status.getContainerStatuses()).flatMap(List::stream)
                .map(ContainerStatus::getState).filter(Objects::nonNull).findFirst().orElse(null);
        String phase = String.valueOf(status.getPhase());
        if (phase.equals("Failed") || phase.equals("Succeeded")) {
            return new Over(ended(status, container == null ? null : container.getTerminated()) + disruption(status));
        }
        if (container != null && container.getTerminated() != null) {
            return new Over(ended(status, container.getTerminated()) + disruption(status));
        }
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            return new Over("it is being deleted" + disruption(status));
        }
        if (container != null && container.getRunning() != null) {
            return new Running();
        }
        return starting(status, container == null ? null : container.getWaiting());
    }

    private static PodState starting(PodStatus status, @Nullable ContainerStateWaiting waiting) {
        if (waiting != null && waiting.getReason() != null && !waiting.getReason().equals("ContainerCreating")
                && !waiting.getReason().equals("PodInitializing")) {
            String why = waiting.getReason() + said(waiting.getMessage()) + hint(waiting.getReason());
            return HOPELESS.contains(waiting.getReason()) ? new Hopeless(why) : new Starting(why);
        }
        return conditions(status)
                .filter(each -> each.getType().equals("PodScheduled") && each.getStatus().equals("False")).findFirst()
                .map(each -> new Starting(each.getReason() + said(each.getMessage())
                        + "; make room on a node, or lower the executor's limits"))
                .orElseGet(() -> new Starting(waiting == null
                        ? "it waits for a node"
                        : "its container is being made, and its image pulled before that; where that takes long, give it "
                                + "more time with the executor's key readyWithin"));
    }

    private static String ended(PodStatus status, @Nullable ContainerStateTerminated terminated) {
        String reason = status.getReason() != null
                ? status.getReason() + said(status.getMessage())
                : terminated != null && terminated.getReason() != null
                        ? terminated.getReason() + said(terminated.getMessage()) + " (exit code "
                                + terminated.getExitCode() + ")"
                        : "it ended by itself";
        return switch (reason.split("\\W", 2)[0]) {
            case "OOMKilled" -> reason + "; it needed more memory than limits.memory of its executor";
            case "DeadlineExceeded" -> reason + "; its executor's lifetime is over";
            default -> reason;
        };
    }

    /** Who put an end to it, where the cluster itself did: an eviction, a pod of more importance, a node that goes. */
    private static String disruption(PodStatus status) {
        return conditions(status).filter(each -> each.getType().equals("DisruptionTarget")
                && each.getStatus().equals("True")).findFirst()
                .map(each -> "; the cluster ended it: " + each.getReason() + said(each.getMessage())).orElse("");
    }

    private static Stream<PodCondition> conditions(PodStatus status) {
        return Stream.ofNullable(status.getConditions()).flatMap(List::stream);
    }

    private static String hint(String reason) {
        return switch (reason) {
            case "ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError" ->
                "; look at the executor's image, and at the pull secrets of its serviceAccount";
            case "CreateContainerConfigError", "CreateContainerError", "RunContainerError" ->
                "; the image needs a POSIX shell, and a user other than root where the namespace asks for one";
            default -> "";
        };
    }

    private static String said(@Nullable String message) {
        return message == null || message.isBlank() ? "" : ": " + line(message);
    }

    /** One line of at most 500 characters. */
    static String line(String text) {
        String line = text.lines().map(String::strip).filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" ")).replaceAll("\\p{Cntrl}", "?");
        return line.length() > 500 ? line.substring(0, 500).stripTrailing() + "…" : line;
    }
}
