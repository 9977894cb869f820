package dev.coxswain.supervisor.metrics;

import java.time.Duration;
import java.util.function.LongSupplier;

import io.micrometer.core.instrument.Timer;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * Measures how late a timer's ticks come. A stall of a second makes ten late ticks, each less late than the one before:
 * what the timers of ten heartbeats in that second would have seen.
 */
final class DelaySampler {
    static final Duration TICK = Duration.ofMillis(100);

    private DelaySampler() {}

    /** Samples until it is disposed. */
    static Disposable start(Scheduler scheduler, LongSupplier nanos, Timer delays) {
        long start = nanos.getAsLong();
        return Flux.interval(TICK, scheduler).onBackpressureDrop().subscribe(
                tick -> delays.record(Duration.ofNanos(late(nanos.getAsLong() - start, tick))), failure -> {
                    throw new IllegalStateException("the sampler of delays failed", failure);
                });
    }

    private static long late(long elapsed, long tick) {
        return Math.max(0, elapsed - (tick + 1) * TICK.toNanos());
    }
}
