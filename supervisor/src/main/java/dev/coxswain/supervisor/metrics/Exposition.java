package dev.coxswain.supervisor.metrics;

import java.util.List;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.netty.resources.ConnectionProvider;

/**
 * The one Prometheus registry of this process, with everything in it that belongs to no room: build, JVM, process,
 * timer lateness, calls that wait for a thread, dropped signals. Its owner closes it at the very end.
 */
public final class Exposition implements AutoCloseable {
    private final PrometheusMeterRegistry registry = registry();
    private final Meters meters = new Meters(registry);
    private final ConnectionPools connectionPools = new ConnectionPools(registry);
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private final DroppedSignals droppedSignals;
    private final WaitingCalls waitingCalls;
    private final Disposable delays;

    /**
     * Binds all meters and begins to sample the lateness of timers. To be made before the schedulers whose queues count.
     *
     * @param version of this program
     * @param timers the scheduler whose lateness is measured, ten times a second: {@code Schedulers.parallel()}
     * @param nanos a monotonic clock
     */
    public Exposition(String version, Scheduler timers, LongSupplier nanos) {
        List<MeterBinder> binders = List.of(new JvmMemoryMetrics(), gc, new JvmThreadMetrics(),
                new FileDescriptorMetrics(), new ProcessorMetrics(), new UptimeMetrics());
        binders.forEach(binder -> binder.bindTo(registry));
        meters.gauge(FleetMeters.BUILD_INFO, () -> 1, version, System.getProperty("java.version", "unknown"));
        droppedSignals = DroppedSignals.count(meters.counter(FleetMeters.DROPPED_SIGNALS));
        waitingCalls = WaitingCalls.count(meters);
        delays = DelaySampler.start(timers, nanos, meters.timer(FleetMeters.EVENT_LOOP_DELAY));
    }

    /** An empty registry that leaves our names as they are: the convention would cut {@code _info} off a gauge's name. */
    static PrometheusMeterRegistry registry() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT,
                new PrometheusRegistry(), Clock.SYSTEM, new Exemplar.Spans());
        registry.config().namingConvention(new PrometheusNamingConvention() {
            @Override
            public String name(String name, Meter.Type type, @Nullable String baseUnit) {
                return name.equals(FleetMeters.BUILD_INFO.fullName()) ? name : super.name(name, type, baseUnit);
            }
        });
        return registry;
    }

    /** Where the rooms get their meters. */
    public Meters meters() {
        return meters;
    }

    /**
     * Takes in the sizes of connection pools, summed up by the pool's name. For
     * {@code ConnectionProvider.builder(name).metrics(true, exposition::connectionPools)}.
     */
    public ConnectionProvider.MeterRegistrar connectionPools() {
        return connectionPools;
    }

    /** Everything, in Prometheus' text form 0.0.4. Reads some files of the system: not for an event loop. */
    public String scrape() {
        return scrape(TextForm.PLAIN);
    }

    /** The same in the form that is asked for. */
    public String scrape(TextForm form) {
        return registry.scrape(form.contentType());
    }

    /** Stops sampling and counting. Safe to repeat. */
    @Override
    public void close() {
        delays.dispose();
        droppedSignals.close();
        waitingCalls.close();
        gc.close();
        registry.close();
    }
}
