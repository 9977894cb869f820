package dev.coxswain.supervisor.upload;

/**
 * {@code uploads:} of the configuration.
 *
 * @param parallel uploads at once in this JVM; default 32
 * @param perJob uploads at once for one job; default 4
 * @param maxFileBytes the largest artifact that is taken; default 5 GiB, the most that S3-like stores accept in one PUT
 */
public record UploadConfig(int parallel, int perJob, long maxFileBytes) {
    /** What holds when nothing is said. */
    public static final UploadConfig DEFAULT = new UploadConfig(32, 4);

    public UploadConfig {
        if (parallel < 1 || perJob < 1 || maxFileBytes < 1) {
            throw new IllegalArgumentException("uploads: every bound is at least 1");
        }
    }

    /** With the default size of the largest artifact. */
    public UploadConfig(int parallel, int perJob) {
        this(parallel, perJob, 5L << 30);
    }
}
