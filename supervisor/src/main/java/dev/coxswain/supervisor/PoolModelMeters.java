package dev.coxswain.supervisor;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

import dev.coxswain.executors.responses.CallResult;
import dev.coxswain.executors.responses.ModelMeters;
import dev.coxswain.executors.responses.TokenUsage;
import dev.coxswain.supervisor.metrics.FleetMeters;
import dev.coxswain.supervisor.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;

/** The meters of one pool's model calls; the same ones for each workload that the pool has after a reload. */
final class PoolModelMeters implements ModelMeters {
    private final Meters.Family<Counter> requests;
    private final Timer duration;
    private final Meters.Family<Counter> tokens;
    private final Counter cost;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();

    PoolModelMeters(Meters meters, String pool) {
        requests = meters.counters(FleetMeters.MODEL_REQUESTS, pool);
        duration = meters.timer(FleetMeters.MODEL_REQUEST_DURATION, pool);
        tokens = meters.counters(FleetMeters.MODEL_TOKENS, pool);
        cost = meters.counter(FleetMeters.MODEL_COST, pool);
        meters.gauge(FleetMeters.MODEL_CALLS_IN_FLIGHT, inFlight::get, pool);
        meters.gauge(FleetMeters.MODEL_CALLS_WAITING, waiting::get, pool);
    }

    @Override
    public void queued() {
        waiting.incrementAndGet();
    }

    @Override
    public void unqueued() {
        waiting.decrementAndGet();
    }

    @Override
    public void began() {
        inFlight.incrementAndGet();
    }

    @Override
    public void ended(CallResult result, Duration took) {
        inFlight.decrementAndGet();
        requests.of(result.name().toLowerCase(Locale.ROOT)).increment();
        duration.record(took);
    }

    @Override
    public void used(TokenUsage used, double atPrices) {
        tokens.of("input").increment((double) used.input());
        tokens.of("cached").increment((double) used.cached());
        tokens.of("output").increment((double) used.output());
        cost.increment(atPrices);
    }
}
