package dev.coxswain.supervisor.upload;

import java.time.Duration;
import java.util.ArrayDeque;

import org.jspecify.annotations.Nullable;

/**
 * The rule that ends a transfer that gets nowhere. Fed once a tick with what the transport has really taken; knows no
 * network and no clock. Holds one sample a tick of the window.
 */
final class StallWatch {
    private final UploadLimits limits;
    private final long sizeBytes;
    private final long startNanos;
    private final ArrayDeque<Sample> window = new ArrayDeque<>();
    private long allSentNanos;
    private boolean allSent;

    StallWatch(UploadLimits limits, long sizeBytes, long startNanos) {
        this.limits = limits;
        this.sizeBytes = sizeBytes;
        this.startNanos = startNanos;
        window.add(new Sample(startNanos, 0));
    }

    /** Why the transfer must end now, or null while it may go on. */
    @Nullable
    String check(long nowNanos, long sentBytes) {
        Duration total = limits.total(sizeBytes);
        if (nowNanos - startNanos >= total.toNanos()) {
            return "not stored within " + total.toSeconds() + " s";
        }
        if (sentBytes >= sizeBytes) {
            if (!allSent) {
                allSent = true;
                allSentNanos = nowNanos;
            }
            return nowNanos - allSentNanos >= limits.answer().toNanos()
                    ? "no answer within " + limits.answer().toSeconds() + " s after the last byte"
                    : null;
        }
        return slow(nowNanos, sentBytes) ? "stalled after " + sentBytes + " of " + sizeBytes + " bytes" : null;
    }

    /** Compares with the newest sample that is a whole window old. */
    private boolean slow(long nowNanos, long sentBytes) {
        window.add(new Sample(nowNanos, sentBytes));
        boolean slow = false;
        while (nowNanos - window.getFirst().nanos() >= limits.window().toNanos()) {
            Sample old = window.removeFirst();
            double seconds = (nowNanos - old.nanos()) / 1e9;
            slow = sentBytes - old.sentBytes() < limits.leastBytesPerSecond() * seconds;
        }
        return slow;
    }

    private record Sample(long nanos, long sentBytes) {}
}
