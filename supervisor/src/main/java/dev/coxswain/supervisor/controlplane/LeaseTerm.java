package dev.coxswain.supervisor.controlplane;

import java.time.Duration;

/**
 * How long a lease holds, on our monotonic clock (design section 5.3): it starts when the request that won or renewed it
 * was <em>sent</em>, so that time on the wire can only shorten it.
 *
 * @param sentAtNanos {@link FleetClock#nanos()} when the request was sent
 * @param length leaseExpiresAt − the server's now
 * @param coarse whether the server's now came from a {@code Date} header, which has whole seconds
 */
public record LeaseTerm(long sentAtNanos, Duration length, boolean coarse) {
    private static final Duration LEAST_MARGIN = Duration.ofSeconds(1);
    private static final Duration MOST_MARGIN = Duration.ofSeconds(5);
    private static final Duration DATE_HEADER_ERROR = Duration.ofSeconds(1);

    /** When the lease may be somebody else's. */
    public long deadlineNanos() {
        return sentAtNanos + length.toNanos();
    }

    /** A tenth of the lease, at least 1 s and at most 5 s, plus 1 s when the server's now is coarse (section 5.4). */
    public Duration margin() {
        Duration tenth = length.dividedBy(10);
        Duration margin = tenth.compareTo(LEAST_MARGIN) < 0
                ? LEAST_MARGIN
                : tenth.compareTo(MOST_MARGIN) > 0 ? MOST_MARGIN : tenth;
        return coarse ? margin.plus(DATE_HEADER_ERROR) : margin;
    }

    /** When we stop the job ourselves: deadline − margin. */
    public long fenceAtNanos() {
        return deadlineNanos() - margin().toNanos();
    }
}
