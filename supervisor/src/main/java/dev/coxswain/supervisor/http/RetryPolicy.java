package dev.coxswain.supervisor.http;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The one retry policy: before retry n (from 0) wait {@code first · 2^n}, at most {@code longest}, jittered by ±50 %
 * around it; a server's {@code Retry-After} wins when it is longer. Never 0: a jittered pause is at least half of
 * {@code first}.
 *
 * @param attempts tries in all, the first included
 * @param first wait before the first retry
 * @param longest cap of the wait, before jitter
 */
public record RetryPolicy(int attempts, Duration first, Duration longest) {
    /** Four tries from half a second: terminal reports and uploads (contract xenonflare-studio 6 and 7). */
    public static final RetryPolicy FOUR_TRIES = new RetryPolicy(4, Duration.ofMillis(500), Duration.ofSeconds(30));

    public RetryPolicy {
        if (attempts < 1 || first.isZero() || first.isNegative() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("needs an attempt, and 0 < first <= longest");
        }
    }

    /**
     * How long to wait before retry {@code retry}.
     *
     * @param retry 0 for the first retry
     * @param retryAfter the server's own wish, or null
     * @param random uniform in [0, 1)
     */
    public Duration delay(int retry, @Nullable Duration retryAfter, double random) {
        double exponential = first.toNanos() * Math.pow(2, Math.min(retry, 40));
        double capped = Math.min(exponential, (double) longest.toNanos());
        Duration jittered = Duration.ofNanos((long) (capped * (0.5 + random)));
        return retryAfter != null && retryAfter.compareTo(jittered) > 0 ? retryAfter : jittered;
    }
}
