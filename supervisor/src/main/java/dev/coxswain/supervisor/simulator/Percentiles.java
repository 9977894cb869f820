package dev.coxswain.supervisor.simulator;

import java.time.Duration;
import java.util.Arrays;

/**
 * How long something took.
 *
 * @param p50 half of them took no longer; zero when there are none
 * @param p99 99 of 100 took no longer
 * @param max none took longer
 */
public record Percentiles(Duration p50, Duration p99, Duration max) {
    static Percentiles of(long[] nanos) {
        if (nanos.length == 0) {
            return new Percentiles(Duration.ZERO, Duration.ZERO, Duration.ZERO);
        }
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Percentiles(at(sorted, 0.50), at(sorted, 0.99), at(sorted, 1));
    }

    private static Duration at(long[] sorted, double share) {
        int rank = (int) Math.ceil(share * sorted.length);
        return Duration.ofNanos(sorted[Math.max(0, rank - 1)]);
    }
}
