package dev.coxswain.supervisor.traces;

import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import dev.coxswain.supervisor.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;

/**
 * Counts what becomes of spans, and lets none in beyond a bound: between those that ended and those that the collector took
 * there are never more. The SDK's batches have a queue of the same length, which so never overflows unseen.
 */
final class BoundedSpans implements SpanProcessor {
    private final int bound;
    private final Meters.Family<Counter> spans;
    private final Collector collector;
    private final SpanProcessor batches;
    private final AtomicInteger waiting = new AtomicInteger();

    /** @param batches makes what collects spans, for the exporter that it is given */
    BoundedSpans(int bound, Meters.Family<Counter> spans, Collector collector, SpanExporter exporter,
            Function<SpanExporter, SpanProcessor> batches) {
        this.bound = bound;
        this.spans = spans;
        this.collector = collector;
        this.batches = batches.apply(new Counted(exporter));
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
        // only whole spans are sent
    }

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        if (waiting.incrementAndGet() > bound) {
            waiting.decrementAndGet();
            spans.of("dropped").increment();
        } else {
            batches.onEnd(span);
        }
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    @Override
    public CompletableResultCode shutdown() {
        return batches.shutdown();
    }

    @Override
    public CompletableResultCode forceFlush() {
        return batches.forceFlush();
    }

    private final class Counted implements SpanExporter {
        private final SpanExporter exporter;

        Counted(SpanExporter exporter) {
            this.exporter = exporter;
        }

        @Override
        public CompletableResultCode export(Collection<SpanData> batch) {
            int size = batch.size();
            CompletableResultCode sent = exporter.export(batch);
            return sent.whenComplete(() -> {
                waiting.addAndGet(-size);
                spans.of(sent.isSuccess() ? "sent" : "failed").increment(size);
                if (sent.isSuccess()) {
                    collector.took();
                } else {
                    collector.refused(sent.getFailureThrowable());
                }
            });
        }

        @Override
        public CompletableResultCode flush() {
            return exporter.flush();
        }

        @Override
        public CompletableResultCode shutdown() {
            return exporter.shutdown();
        }
    }
}
