package dev.coxswain.supervisor.pressure;

import java.time.Duration;

/**
 * One limit with its memory, so that a value that dances around the limit does not open and shut it at each look. It shuts at
 * once, since one look too late may be one job too many; it opens when the value has been clearly below the limit for
 * {@link #HOLD}, or below it at all for {@link #LONG_HOLD}. So each shortage lasts {@link #HOLD} at least. A value that is not
 * known counts as clearly below: what can't be read must not stop the fleet. Not thread-safe.
 */
final class Gate {
    static final Duration HOLD = Duration.ofSeconds(10);
    /** For a host whose usual level is just below the limit. */
    static final Duration LONG_HOLD = Duration.ofSeconds(60);
    /** 5 % below the limit. */
    static final double CLEAR = 0.95;

    private final Limit limit;
    private boolean shut;
    private boolean below;
    private boolean clearlyBelow;
    private long belowSince;
    private long clearSince;

    Gate(Limit limit) {
        this.limit = limit;
    }

    Limit limit() {
        return limit;
    }

    /** Looks at a new reading; true when jobs are refused now. */
    boolean shutAfter(Pressure pressure, long nowNanos) {
        double reached = limit.reached(pressure);
        if (reached > 1) {
            shut = true;
            below = false;
            clearlyBelow = false;
        } else if (shut) {
            if (!below) {
                below = true;
                belowSince = nowNanos;
            }
            if (reached > CLEAR) {
                clearlyBelow = false;
            } else if (!clearlyBelow) {
                clearlyBelow = true;
                clearSince = nowNanos;
            }
            shut = !(clearlyBelow && nowNanos - clearSince >= HOLD.toNanos())
                    && nowNanos - belowSince < LONG_HOLD.toNanos();
        }
        return shut;
    }
}
