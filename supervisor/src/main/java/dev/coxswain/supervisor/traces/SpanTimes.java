package dev.coxswain.supervisor.traces;

import java.time.Instant;

import dev.coxswain.supervisor.controlplane.FleetClock;

/**
 * Where the monotonic clock stands on the wall clock, for one trace: so that its spans fit into each other even when the
 * wall clock is set meanwhile.
 *
 * @param wallNanos since 1970, when the other showed {@code clockNanos}
 */
record SpanTimes(long wallNanos, long clockNanos) {
    static SpanTimes now(FleetClock clock) {
        Instant now = clock.now();
        return new SpanTimes(now.getEpochSecond() * 1_000_000_000L + now.getNano(), clock.nanos());
    }

    /** Nanoseconds since 1970. */
    long at(long nanos) {
        return wallNanos + (nanos - clockNanos);
    }
}
