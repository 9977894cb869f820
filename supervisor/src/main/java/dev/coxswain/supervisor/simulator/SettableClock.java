package dev.coxswain.supervisor.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until it is moved by hand; both clocks move together. Safe to use from any thread. */
public final class SettableClock implements SimulatorClock {
    private final Instant origin;
    private final AtomicLong nanos = new AtomicLong();

    /** @param origin what the wall clock shows at first */
    public SettableClock(Instant origin) {
        this.origin = origin;
    }

    /** Moves both clocks forward. */
    public void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("a clock is not moved back: " + by);
        }
        nanos.addAndGet(by.toNanos());
    }

    @Override
    public long nanos() {
        return nanos.get();
    }

    @Override
    public Instant now() {
        return origin.plusNanos(nanos.get());
    }
}
