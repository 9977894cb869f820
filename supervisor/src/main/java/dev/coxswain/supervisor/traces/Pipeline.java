package dev.coxswain.supervisor.traces;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.metrics.Meters;
import dev.coxswain.supervisor.runner.JobTrace;
import dev.coxswain.supervisor.runner.JobTraces;
import io.micrometer.core.instrument.Counter;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;

/** The way of spans to one collector. */
final class Pipeline {
    /** About a kilobyte each; at five spans a job this is what 3,000 jobs leave. */
    static final int QUEUE = 16_384;
    private static final int BATCH = 512;
    private static final Duration PACE = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final int PATIENCE_SECONDS = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);
    /** The exporter tells each failure to a logger of the JDK's, on standard error; we say it once. Held, or it is forgotten. */
    private static final java.util.logging.Logger THEIRS = java.util.logging.Logger.getLogger("io.opentelemetry");

    private final TracesConfig config;
    private final String supervisor;
    private final FleetClock clock;
    private final SdkTracerProvider provider;
    private final Tracer tracer;

    Pipeline(TracesConfig config, String supervisor, String version, FleetClock clock, Meters.Family<Counter> spans) {
        this.config = config;
        this.supervisor = supervisor;
        this.clock = clock;
        THEIRS.setLevel(java.util.logging.Level.OFF);
        OtlpHttpSpanExporterBuilder exporter = OtlpHttpSpanExporter.builder().setEndpoint(config.otlp() + "/v1/traces")
                .setCompression("gzip").setTimeout(ANSWER).setConnectTimeout(CONNECT)
                .setRetryPolicy(RetryPolicy.builder().setMaxAttempts(2).setInitialBackoff(Duration.ofMillis(500))
                        .build());
        config.headers().forEach((name, value) -> exporter.addHeader(name, value.reveal()));
        BoundedSpans bounded = new BoundedSpans(QUEUE, spans, new Collector(config.otlp()), exporter.build(),
                counted -> BatchSpanProcessor.builder(counted).setMaxQueueSize(QUEUE).setMaxExportBatchSize(BATCH)
                        .setScheduleDelay(PACE).setExporterTimeout(ANSWER.multipliedBy(3)).build());
        provider = SdkTracerProvider.builder()
                .setResource(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "coxswain",
                        AttributeKey.stringKey("service.version"), version,
                        AttributeKey.stringKey("service.instance.id"), supervisor)))
                .setSampler(config.sample() >= 1 ? Sampler.alwaysOn() : Sampler.traceIdRatioBased(config.sample()))
                .addSpanProcessor(bounded).build();
        tracer = provider.get("coxswain", version);
    }

    TracesConfig config() {
        return config;
    }

    String supervisor() {
        return supervisor;
    }

    JobTrace granted(JobTraces.Leased job, long sentAtNanos) {
        SpanTimes times = SpanTimes.now(clock);
        Span span = tracer.spanBuilder("job").setParent(Context.root())
                .setStartTimestamp(times.at(sentAtNanos), TimeUnit.NANOSECONDS).setAttribute("job", job.key())
                .setAttribute("control_plane", job.controlPlane()).setAttribute("pool", job.pool())
                .setAttribute("runner", job.runner()).setAttribute("executor", job.executor()).startSpan();
        return span.isRecording() ? new TracedJob(tracer, span, times) : JobTrace.OFF;
    }

    /** Sends what waits, and ends; in the background. */
    void end() {
        var unused = provider.shutdown();
    }

    void endAndWait() {
        if (!provider.shutdown().join(PATIENCE_SECONDS, TimeUnit.SECONDS).isDone()) {
            LOG.warn("the last traces were not taken within {} s: collector={}", PATIENCE_SECONDS,
                    config.otlp().getAuthority());
        }
    }

    void flush() {
        var unused = provider.forceFlush().join(1, TimeUnit.MINUTES);
    }
}
