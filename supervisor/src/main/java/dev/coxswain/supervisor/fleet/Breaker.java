package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.fleet.Circuit.Closed;
import dev.coxswain.supervisor.fleet.Circuit.Open;
import dev.coxswain.supervisor.fleet.Circuit.Probing;
import dev.coxswain.supervisor.http.RetryPolicy;

/**
 * Holds lease requests to one control plane back (design section 5.8): when five in a row came to nothing they go out one
 * by one, as probes, until one is answered; and when the server asks for a pause there are none. Leasing only: what a
 * running job sends is not held back. Changed on one thread, read from any; times are monotonic nanoseconds.
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
    /** After a probe that hung the next one comes this soon: its pause has passed while it hung. */
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);
    /** The longest a server may put off all its runners. */
    private static final Duration LONGEST_WISH = Duration.ofHours(1);
    /** Later than asked, never sooner, so that not all clients of the server come back in one moment. */
    private static final double SPREAD = 0.1;

    private final String controlPlane;
    private final DoubleSupplier random;
    private volatile Circuit circuit = new Closed(0);
    private long pausedUntilNanos;

    Breaker(String controlPlane, DoubleSupplier random, long nowNanos) {
        this.controlPlane = controlPlane;
        this.random = random;
        this.pausedUntilNanos = nowNanos;
    }

    Circuit circuit() {
        return circuit;
    }

    /** Whether requests are probes now. */
    boolean isOpen() {
        return !(circuit instanceof Closed);
    }

    /** When the next request may leave; in the past when it may now. */
    long nextAtNanos() {
        return switch (circuit) {
            case Closed closed -> pausedUntilNanos;
            case Open(int probes, long until) -> PoolQueue.later(until, pausedUntilNanos);
            case Probing(int probes, long sent, long patientUntil) -> PoolQueue.later(patientUntil, pausedUntilNanos);
        };
    }

    /** A request leaves. */
    void sent(long nowNanos) {
        circuit = switch (circuit) {
            case Closed closed -> closed;
            case Open(int probes, long until) -> probing(probes, nowNanos);
            case Probing(int probes, long sent, long patientUntil) -> probing(probes, nowNanos);
        };
    }

    private static Probing probing(int probes, long nowNanos) {
        return new Probing(probes, nowNanos, nowNanos + PROBE_PATIENCE.toNanos());
    }

    /** The control plane itself answered, if with a refusal: it is up. */
    void answered() {
        if (isOpen()) {
            LOG.info("control plane answers again: controlPlane={}", controlPlane);
        }
        circuit = new Closed(0);
    }

    /** It asks for a pause: for as long as it says, else for about a second. */
    void rateLimited(long nowNanos, @Nullable Duration asked) {
        answered();
        pause(nowNanos, asked != null ? asked : PAUSES.delay(0, null, random.getAsDouble()));
    }

    /** No requests for as long as the server says, and a little longer. */
    void pause(long nowNanos, Duration howLong) {
        double nanos = (howLong.compareTo(LONGEST_WISH) > 0 ? LONGEST_WISH : howLong).toNanos();
        long until = nowNanos + (long) (nanos * (1 + SPREAD * random.getAsDouble()));
        pausedUntilNanos = pausedUntilNanos - until > 0 ? pausedUntilNanos : until;
    }

    /**
     * No usable answer. Requests that left before the newest probe say nothing new when they fail too: only that one
     * lengthens the pause.
     *
     * @param sentNanos when the request left
     */
    void failed(long nowNanos, long sentNanos, ControlPlaneException failure) {
        circuit = switch (circuit) {
            case Closed(int failures) when failures + 1 < OPEN_AFTER -> new Closed(failures + 1);
            case Closed closed -> opened(nowNanos, nowNanos, 0, failure);
            case Open open -> open;
            case Probing(int probes, long sent, long patientUntil) when sent == sentNanos ->
                opened(nowNanos, sentNanos, probes, failure);
            case Probing probing -> probing;
        };
        Duration asked = failure.retryAfter();
        if (isOpen() && asked != null) {
            pause(nowNanos, asked);
        }
    }

    private Open opened(long nowNanos, long fromNanos, int probes, ControlPlaneException failure) {
        Duration pause = PAUSES.delay(probes, null, random.getAsDouble());
        long until = PoolQueue.later(fromNanos + pause.toNanos(), nowNanos + SHORTEST_PAUSE.toNanos());
        LOG.warn("control plane fails, asked again in {} ms: controlPlane={} probes={} {}",
                (until - nowNanos) / 1_000_000, controlPlane, probes, failure.getMessage());
        return new Open(probes + 1, until);
    }
}
