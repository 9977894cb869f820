package dev.coxswain.supervisor.traces;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.metrics.Exemplar;
import dev.coxswain.supervisor.runner.JobTrace;
import dev.coxswain.supervisor.runner.SettleResult;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;

/**
 * One job's spans: the job, and below it a span for each stage. They hold names and ids only: what a job or a server says
 * is free text, and may hold anything.
 */
final class TracedJob implements JobTrace {
    private final Tracer tracer;
    private final Span job;
    private final SpanTimes times;
    private final AtomicBoolean ended = new AtomicBoolean();

    TracedJob(Tracer tracer, Span job, SpanTimes times) {
        this.tracer = tracer;
        this.job = job;
        this.times = times;
    }

    @Override
    public @Nullable Exemplar stage(String stage, long fromNanos, long untilNanos, StageEnd end) {
        if (ended.get()) {
            return null;
        }
        Span span = tracer.spanBuilder(stage).setParent(Context.root().with(job))
                .setStartTimestamp(times.at(fromNanos), TimeUnit.NANOSECONDS).startSpan();
        switch (end) {
            case DONE -> {
                // as it should be: nothing to say
            }
            case FAILED -> span.setStatus(StatusCode.ERROR, "failed");
            case STOPPED -> span.setAttribute("stopped", true);
        }
        span.end(times.at(untilNanos), TimeUnit.NANOSECONDS);
        return found(span);
    }

    /** The SDK keeps 128 events of a span. */
    @Override
    public void heartbeatFailed(long atNanos, String kind) {
        job.addEvent("heartbeat failed", Attributes.of(AttributeKey.stringKey("kind"), kind), times.at(atNanos),
                TimeUnit.NANOSECONDS);
    }

    @Override
    public @Nullable Exemplar ended(SettleResult result, long atNanos) {
        if (!ended.compareAndSet(false, true)) {
            return null;
        }
        job.setAttribute("result", result.label());
        if (result != SettleResult.SUCCESS) {
            job.setStatus(StatusCode.ERROR, result.label());
        }
        job.end(times.at(atNanos), TimeUnit.NANOSECONDS);
        return found(job);
    }

    private static Exemplar found(Span span) {
        return new Exemplar(span.getSpanContext().getTraceId(), span.getSpanContext().getSpanId());
    }
}
