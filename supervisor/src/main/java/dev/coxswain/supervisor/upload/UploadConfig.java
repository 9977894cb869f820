package dev.coxswain.supervisor.upload;

/**
 * {@code uploads:} of the configuration.
 *
 * @param parallel uploads at once in this JVM; default 32
 * @param perJob uploads at once for one job; default 4
 */
public record UploadConfig(int parallel, int perJob) {
    /** What holds when nothing is said. */
    public static final UploadConfig DEFAULT = new UploadConfig(32, 4);
}
