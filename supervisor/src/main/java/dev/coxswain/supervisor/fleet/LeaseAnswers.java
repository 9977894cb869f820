package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.RateLimit;

/**
 * What an answer to a lease request means for the runner, its pool, the breaker and the pace. Changed on one thread, read
 * from any.
 */
final class LeaseAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseAnswers.class);

    private final FleetClock clock;
    private final Breaker breaker;
    private final Pace pace;
    private volatile @Nullable Instant lastSuccess;
    private volatile @Nullable String lastError;

    LeaseAnswers(FleetClock clock, Breaker breaker, Pace pace) {
        this.clock = clock;
        this.breaker = breaker;
        this.pace = pace;
    }

    @Nullable
    Instant lastSuccess() {
        return lastSuccess;
    }

    @Nullable
    String lastError() {
        return lastError;
    }

    void granted(PollEntry entry, @Nullable RateLimit rate, long now) {
        succeeded(rate, now);
        entry.granted();
        entry.pool.foundJob(entry.hurried);
    }

    void noJob(PollEntry entry, @Nullable Duration pollAfter, @Nullable RateLimit rate, long now) {
        succeeded(rate, now);
        entry.noJob(now, pollAfter, rate);
        entry.pool.foundNone();
    }

    private void succeeded(@Nullable RateLimit rate, long now) {
        breaker.answered();
        if (rate != null && rate.isExhausted() && !rate.ofRunner()) {
            breaker.pause(now, rate.resetAfter());
        }
        lastSuccess = clock.now();
    }

    void failed(PollEntry entry, ControlPlaneException failure, long sentNanos, long now) {
        lastError = failure.getMessage();
        switch (failure) {
            case ControlPlaneException.CredentialRefused refused -> {
                breaker.answered();
                entry.refused(now);
                LOG.warn("credential refused, tried again in {} s: runner={} {}",
                        (entry.dueNanos - now) / 1_000_000_000, entry.runner.name(), failure.getMessage());
            }
            case ControlPlaneException.RateLimited limited -> {
                breaker.rateLimited(now, failure.retryAfter());
                pace.cut(now, sentNanos);
                entry.failed(now, null);
            }
            case ControlPlaneException.Rejected rejected -> {
                breaker.answered();
                entry.rejected(now);
            }
            case ControlPlaneException.LeaseLost lost -> {
                breaker.answered();
                entry.rejected(now);
            }
            case ControlPlaneException.Unavailable down -> unusable(entry, failure, sentNanos, now);
            case ControlPlaneException.Garbled garbled -> unusable(entry, failure, sentNanos, now);
        }
    }

    private void unusable(PollEntry entry, ControlPlaneException failure, long sentNanos, long now) {
        breaker.failed(now, sentNanos, failure);
        pace.cut(now, sentNanos);
        entry.failed(now, failure.retryAfter());
        entry.pool.foundNone();
    }
}
