package dev.coxswain.executors.kubernetes;

/**
 * What a pod is given, as request and as limit: a job gets what it is promised, and no more.
 *
 * @param cpuMillis thousandths of a core; 0 leaves it to the namespace
 * @param memoryBytes 0 leaves it to the namespace
 * @param diskBytes what the workspace may hold; the pod is evicted when it holds more
 */
public record PodLimits(long cpuMillis, long memoryBytes, long diskBytes) {
    /** {@code diskBytes} when nothing is said. */
    public static final long DEFAULT_DISK_BYTES = 10L << 30;
}
