package dev.coxswain.supervisor.traces;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.metrics.FleetMeters;
import dev.coxswain.supervisor.metrics.Meters;
import dev.coxswain.supervisor.runner.JobTrace;
import dev.coxswain.supervisor.runner.JobTraces;
import io.micrometer.core.instrument.Counter;
import reactor.core.publisher.Mono;

/**
 * One trace for each job, from the moment its lease request was sent to its settled end, sent to a collector over OTLP. Off
 * until {@link #retune} names a collector. Telling costs no waiting: spans go into a bounded queue, and what finds it full
 * is dropped and counted; threads of its own send them.
 */
public final class Traces implements JobTraces {
    private final String version;
    private final FleetClock clock;
    private final Meters.Family<Counter> spans;
    private volatile @Nullable Pipeline pipeline;

    /** Sends nothing yet. */
    public Traces(String version, FleetClock clock, Meters meters) {
        this.version = version;
        this.clock = clock;
        this.spans = meters.counters(FleetMeters.TRACE_SPANS);
    }

    /**
     * Sends there from now on; nowhere when null. What still waits goes where it was meant to; jobs that run over a change
     * have no trace in either place.
     *
     * @param supervisor the name of this supervisor, in each trace
     */
    public synchronized void retune(@Nullable TracesConfig config, String supervisor) {
        Pipeline before = pipeline;
        if (before != null && Objects.equals(before.config(), config) && before.supervisor().equals(supervisor)) {
            return;
        }
        pipeline = config == null ? null : new Pipeline(config, supervisor, version, clock, spans);
        if (before != null) {
            before.end();
        }
    }

    @Override
    public JobTrace granted(Leased job, long sentAtNanos) {
        Pipeline now = pipeline;
        return now == null ? JobTrace.OFF : now.granted(job, sentAtNanos);
    }

    /** Sends what waits, for some seconds at most, and ends. Blocks meanwhile: not for an event loop. Safe to repeat. */
    public Mono<Void> close() {
        return Mono.fromRunnable(() -> {
            Pipeline last;
            synchronized (this) {
                last = pipeline;
                pipeline = null;
            }
            if (last != null) {
                last.endAndWait();
            }
        });
    }

    /** Sends what waits now; for tests. Blocks. */
    void flush() {
        Pipeline now = pipeline;
        if (now != null) {
            now.flush();
        }
    }
}
