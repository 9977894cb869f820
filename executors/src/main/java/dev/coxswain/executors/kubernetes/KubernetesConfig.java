package dev.coxswain.executors.kubernetes;

import java.nio.file.Path;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * {@code executors: {NAME: {kind: kubernetes}}}.
 *
 * @param namespace where the pods are made
 * @param image of their one container; has a POSIX shell and the small programs of coreutils or busybox
 * @param limits of each pod
 * @param readyWithin how long a pod may take until commands can run in it
 * @param lifetime after which the cluster ends a pod by itself, whatever became of this supervisor
 * @param serviceAccount of the pods, for its pull secrets; its token is not given to them; null for the namespace's default
 * @param runAsUser user and group of the pods; null for the image's
 * @param placement on which nodes the pods may run
 * @param supervisor name of this supervisor, for people who look at the pods
 * @param stateDir absolute; a file in it says which pods are ours, also in the next life
 * @param workDir absolute; copies of files of the pods lie in it while they are needed
 */
public record KubernetesConfig(String namespace, String image, PodLimits limits, Duration readyWithin,
        Duration lifetime, @Nullable String serviceAccount, @Nullable Long runAsUser, PodPlacement placement,
        String supervisor, Path stateDir,
        Path workDir) {
    /** {@code readyWithin} when nothing is said. */
    public static final Duration DEFAULT_READY_WITHIN = Duration.ofMinutes(5);
    /** {@code lifetime} when nothing is said. */
    public static final Duration DEFAULT_LIFETIME = Duration.ofHours(24);

    /** The same with other folders. */
    public KubernetesConfig in(Path otherStateDir, Path otherWorkDir) {
        return new KubernetesConfig(namespace, image, limits, readyWithin, lifetime, serviceAccount, runAsUser,
                placement,
                supervisor, otherStateDir, otherWorkDir);
    }
}
