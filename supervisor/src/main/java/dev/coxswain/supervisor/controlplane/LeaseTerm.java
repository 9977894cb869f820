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
    /** Longer than anything we know will run, short enough to be added to any clock. */
    private static final Duration ENDLESS = Duration.ofDays(36_500);
    private static final long LEAST_MARGIN = Duration.ofSeconds(1).toNanos();
    private static final long MOST_MARGIN = Duration.ofSeconds(5).toNanos();
    private static final long DATE_HEADER_ERROR = Duration.ofSeconds(1).toNanos();

    /** A lease that does not run out: only the control plane's word ends it. */
    public static LeaseTerm endless(long sentAtNanos) {
        return new LeaseTerm(sentAtNanos, ENDLESS, false);
    }

    /** Whether it does not run out, so that there is nothing to fence. */
    public boolean isEndless() {
        return length.equals(ENDLESS);
    }

    /** When the lease may be somebody else's. */
    public long deadlineNanos() {
        return sentAtNanos + length.toNanos();
    }

    /** A tenth of the lease, at least 1 s and at most 5 s, plus 1 s when the server's now is coarse (section 5.4). */
    public Duration margin() {
        return Duration.ofNanos(marginNanos());
    }

    private long marginNanos() {
        long tenth = Math.clamp(length.toNanos() / 10, LEAST_MARGIN, MOST_MARGIN);
        return coarse ? tenth + DATE_HEADER_ERROR : tenth;
    }

    /** When we stop the job ourselves: deadline − margin. */
    public long fenceAtNanos() {
        return deadlineNanos() - marginNanos();
    }
}
