package dev.coxswain.supervisor.logs;

import java.util.concurrent.atomic.LongAdder;

import dev.coxswain.supervisor.metrics.FleetMeters;
import dev.coxswain.supervisor.metrics.Meters;
import io.micrometer.core.instrument.Counter;

/**
 * Counts what one control plane's logs hold and lose. {@code kept} counts each byte that was taken in, {@code dropped}
 * each of those that a bound or the disk made us give up before its log was removed.
 */
final class LogTally {
    private final Held held;
    private final Counter kept;
    private final Counter dropped;

    LogTally(Held held, Meters meters, String controlPlane) {
        this.held = held;
        Meters.Family<Counter> bytes = meters.counters(FleetMeters.LOG_BYTES, controlPlane);
        this.kept = bytes.of("kept");
        this.dropped = bytes.of("dropped");
    }

    void kept(long bytes) {
        kept.increment((double) bytes);
    }

    void dropped(long bytes) {
        dropped.increment((double) bytes);
    }

    void buffered(long bytes) {
        held.memory().add(bytes);
    }

    void spilled(long bytes) {
        held.disk().add(bytes);
    }

    /** Bytes that all logs of this JVM hold. */
    record Held(LongAdder memory, LongAdder disk) {
        Held(Meters meters) {
            this(new LongAdder(), new LongAdder());
            meters.gauge(FleetMeters.LOG_BUFFER_BYTES, memory::sum);
            meters.gauge(FleetMeters.LOG_SPILL_BYTES, disk::sum);
        }
    }
}
