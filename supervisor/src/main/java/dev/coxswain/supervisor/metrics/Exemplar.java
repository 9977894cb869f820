package dev.coxswain.supervisor.metrics;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.micrometer.core.instrument.Timer;
import io.prometheus.metrics.tracer.common.SpanContext;

/**
 * The trace that a measurement comes from; shown beside the histogram's bucket in the OpenMetrics form. Nothing here is
 * bound to threads, so it is given with the measurement and not found around it.
 *
 * @param traceId 32 hexadecimal digits
 * @param spanId 16 hexadecimal digits
 */
public record Exemplar(String traceId, String spanId) {
    /** Set only while {@link #record} is on the stack. */
    private static final ThreadLocal<@Nullable Exemplar> NOW = new ThreadLocal<>();

    /** Measures, and names the trace where there is one. */
    public static void record(Timer timer, Duration took, @Nullable Exemplar from) {
        if (from == null) {
            timer.record(took);
            return;
        }
        NOW.set(from);
        try {
            timer.record(took);
        } finally {
            NOW.remove();
        }
    }

    /** Where the registry asks. */
    static final class Spans implements SpanContext {
        @Override
        public @Nullable String getCurrentTraceId() {
            Exemplar now = NOW.get();
            return now == null ? null : now.traceId();
        }

        @Override
        public @Nullable String getCurrentSpanId() {
            Exemplar now = NOW.get();
            return now == null ? null : now.spanId();
        }

        @Override
        public boolean isCurrentSpanSampled() {
            return NOW.get() != null;
        }

        @Override
        public void markCurrentSpanAsExemplar() {
            // our traces are sampled by their first span: none is kept because of this
        }
    }
}
