package dev.coxswain.supervisor.controlplane;

import java.time.Duration;

/**
 * What a control plane's rate headers allow: this many more requests until then.
 *
 * @param remaining requests that are left, 0 or more
 * @param resetAfter how long until there are more, 0 or more
 * @param ofRunner whether it counts for the one runner that asked; else for the whole control plane, or nobody knows
 */
public record RateLimit(long remaining, Duration resetAfter, boolean ofRunner) {
    /** One of the whole control plane. */
    public RateLimit(long remaining, Duration resetAfter) {
        this(remaining, resetAfter, false);
    }

    public RateLimit {
        if (remaining < 0 || resetAfter.isNegative()) {
            throw new IllegalArgumentException("no negative rate limit");
        }
    }

    /** The same, for the one runner only. */
    public RateLimit forRunner() {
        return new RateLimit(remaining, resetAfter, true);
    }

    /** Whether nothing may be sent until the reset. */
    public boolean isExhausted() {
        return remaining == 0 && !resetAfter.isZero();
    }

    /** The pause between requests that spreads what is left over the time until the reset. */
    public Duration spacing() {
        return remaining == 0 ? resetAfter : resetAfter.dividedBy(remaining);
    }
}
