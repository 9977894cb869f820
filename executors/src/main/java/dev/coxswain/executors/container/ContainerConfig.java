package dev.coxswain.executors.container;

import java.nio.file.Path;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.Limits;

/**
 * {@code executors: {NAME: {kind: container}}}.
 *
 * @param image of each container; has a POSIX shell at {@code /bin/sh} and {@code sleep}
 * @param socket of the engine; null for the first of the usual ones that is there
 * @param network of each container; null for the engine's default
 * @param pull whether an image that is not there is pulled
 * @param runAsUser user and group in the container; null for whom the job's folder belongs to
 * @param readyWithin how long the image may take to be there
 * @param limits of each container
 * @param supervisor name of this supervisor, for people who look at the containers
 * @param stateDir absolute; a file in it says which containers are ours, also in the next life
 * @param workDir absolute; the folders of the jobs lie in it
 */
public record ContainerConfig(String image, @Nullable Path socket, @Nullable String network, Pull pull,
        @Nullable Integer runAsUser, Duration readyWithin, Limits limits, String supervisor, Path stateDir,
        Path workDir) {
    /** {@link #readyWithin()} when nothing is said. */
    public static final Duration DEFAULT_READY_WITHIN = Duration.ofMinutes(5);

    /** What is done about an image that the engine does not have. */
    public enum Pull {
        /** it is pulled */
        MISSING,
        /** the job fails */
        NEVER
    }

    /** The same with other folders. */
    public ContainerConfig in(Path otherStateDir, Path otherWorkDir) {
        return new ContainerConfig(image, socket, network, pull, runAsUser, readyWithin, limits, supervisor,
                otherStateDir, otherWorkDir);
    }
}
