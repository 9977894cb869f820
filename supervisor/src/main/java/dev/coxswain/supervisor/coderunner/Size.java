package dev.coxswain.supervisor.coderunner;

/**
 * What one process of user code may use, as it was asked for.
 *
 * @param cpu a Kubernetes quantity, {@code 250m}
 * @param memory likewise, {@code 256Mi}
 */
record Size(String cpu, String memory, long cpuMillis, long memoryBytes) {
    /** Contract section 8. */
    static final Size DEFAULT = new Size("250m", "256Mi", 250, 256L << 20);
}
