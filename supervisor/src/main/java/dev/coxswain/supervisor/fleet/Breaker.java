package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.http.RetryPolicy;

/**
 * Holds lease requests to one control plane back (design section 5.8): when five in a row came to nothing they go out one
 * by one, as probes, until one is answered; and when the server asks for a pause there are none. Leasing only: what a
 * running job sends is not held back. Not thread-safe; times are monotonic nanoseconds.
 */
final class Breaker {
    private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);
    /** Failures in a row after which requests go out one by one. */
    static final int OPEN_AFTER = 5;
    /** Between two probes at most 15 s, jitter included. */
    private static final RetryPolicy PAUSES = new RetryPolicy(Integer.MAX_VALUE, Duration.ofSeconds(1),
            Duration.ofSeconds(10));
    /** A probe that hangs for longer no longer keeps the next one back: the server may be up again meanwhile. */
    private static final Duration PROBE_PATIENCE = Duration.ofSeconds(10);
    /** The longest a server may put off all its runners. */
    private static final Duration LONGEST_WISH = Duration.ofHours(1);

    private final String controlPlane;
    private final DoubleSupplier random;
    private int failuresInRow;
    private int probes;
    private long probeAtNanos;
    private long pausedUntilNanos;

    Breaker(String controlPlane, DoubleSupplier random, long nowNanos) {
        this.controlPlane = controlPlane;
        this.random = random;
        this.probeAtNanos = nowNanos;
        this.pausedUntilNanos = nowNanos;
    }

    /** Whether requests are probes now. */
    boolean isOpen() {
        return failuresInRow >= OPEN_AFTER;
    }

    /** When the next request may leave; in the past when it may now. */
    long nextAtNanos() {
        return isOpen() && probeAtNanos - pausedUntilNanos > 0 ? probeAtNanos : pausedUntilNanos;
    }

    /** A request leaves; returns whether it is a probe. */
    boolean sent(long nowNanos) {
        if (isOpen()) {
            probeAtNanos = nowNanos + PROBE_PATIENCE.toNanos();
        }
        return isOpen();
    }

    /** The control plane itself answered, if with a refusal: it is up. */
    void answered() {
        if (isOpen()) {
            LOG.info("control plane answers again: controlPlane={}", controlPlane);
        }
        failuresInRow = 0;
        probes = 0;
    }

    /** It asks for a pause: for as long as it says, else for about a second. */
    void rateLimited(long nowNanos, @Nullable Duration asked) {
        answered();
        pause(nowNanos, asked != null ? asked : PAUSES.delay(0, null, random.getAsDouble()));
    }

    /**
     * No usable answer. Requests that left before it opened say nothing new when they fail too: only probes lengthen the
     * pause.
     *
     * @param probe what {@link #sent} said of this request
     */
    void failed(long nowNanos, ControlPlaneException failure, boolean probe) {
        failuresInRow++;
        if (failuresInRow == OPEN_AFTER || (isOpen() && probe)) {
            Duration pause = PAUSES.delay(probes++, null, random.getAsDouble());
            probeAtNanos = nowNanos + pause.toNanos();
            LOG.warn("control plane fails, asked again in {} ms: controlPlane={} failures={} {}", pause.toMillis(),
                    controlPlane, failuresInRow, failure.getMessage());
        }
        Duration asked = failure.retryAfter();
        if (isOpen() && asked != null) {
            pause(nowNanos, asked);
        }
    }

    private void pause(long nowNanos, Duration howLong) {
        long until = nowNanos + (howLong.compareTo(LONGEST_WISH) > 0 ? LONGEST_WISH : howLong).toNanos();
        pausedUntilNanos = pausedUntilNanos - until > 0 ? pausedUntilNanos : until;
    }
}
