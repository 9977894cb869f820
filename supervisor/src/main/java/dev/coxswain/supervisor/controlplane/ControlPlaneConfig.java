package dev.coxswain.supervisor.controlplane;

import java.net.URI;
import java.time.Duration;

/**
 * {@code controlPlanes: {NAME: …}} of the configuration.
 *
 * @param name its name in the file; the label {@code control_plane}
 * @param protocol {@code xenonflare-studio} or another of the five
 * @param url base URL without a trailing slash; paths are appended
 * @param requestsPerSecond budget of lease requests; default 50
 * @param pollMin shortest interval between two lease requests of one runner; default 500 ms
 * @param pollMax longest interval, for an idle runner; default 30 s
 */
public record ControlPlaneConfig(String name, String protocol, URI url, double requestsPerSecond, Duration pollMin,
        Duration pollMax) {
    /** {@code requestsPerSecond} when nothing is said (design section 5.2). */
    public static final double DEFAULT_REQUESTS_PER_SECOND = 50;
    /** {@code poll.min} when nothing is said. */
    public static final Duration DEFAULT_POLL_MIN = Duration.ofMillis(500);
    /** {@code poll.max} when nothing is said. */
    public static final Duration DEFAULT_POLL_MAX = Duration.ofSeconds(30);
}
