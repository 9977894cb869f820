package dev.coxswain.supervisor.upload;

import java.time.Duration;

/**
 * The time limits of one PUT (contract xenonflare-studio 6; the watch over slow transfers is our own).
 *
 * @param tick how often progress is measured and reported
 * @param window how long a transfer may be slower than {@code leastBytesPerSecond}
 * @param leastBytesPerSecond below this a transfer counts as stalled
 * @param base part of the total limit that every PUT gets
 * @param budgetBytesPerSecond for each so many bytes the total limit grows by a second
 * @param answer how long the store may think after it was handed the last byte
 */
record UploadLimits(Duration tick, Duration window, long leastBytesPerSecond, Duration base, long budgetBytesPerSecond,
        Duration answer) {
    static final UploadLimits DEFAULT = new UploadLimits(Duration.ofSeconds(1), Duration.ofSeconds(30), 1024,
            Duration.ofSeconds(60), 256 << 10, Duration.ofSeconds(60));

    Duration total(long sizeBytes) {
        return base.plusMillis(sizeBytes * 1000 / budgetBytesPerSecond);
    }
}
