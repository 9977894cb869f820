package dev.coxswain.supervisor.runner;

/**
 * {@code slots:} of the configuration.
 *
 * @param total jobs at once in this JVM; default 2 per core
 */
public record SlotsConfig(int total) {
    /** {@code total} when nothing is said. */
    public static int defaultTotal() {
        return 2 * Runtime.getRuntime().availableProcessors();
    }
}
