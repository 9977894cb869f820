package dev.coxswain.supervisor.controlplane;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

import reactor.core.scheduler.Scheduler;

/** The two clocks of the fleet: leases are measured on the monotonic one, the wall clock only meets other hosts. */
public interface FleetClock {
    /** Nanoseconds on the monotonic clock; only differences mean anything. */
    long nanos();

    /** The wall clock. */
    Instant now();

    /** The clock of this host. */
    static FleetClock system() {
        return new FleetClock() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public Instant now() {
                return Instant.now();
            }
        };
    }

    /** The clock of a scheduler: virtual where the scheduler's time is. */
    static FleetClock of(Scheduler scheduler) {
        return new FleetClock() {
            @Override
            public long nanos() {
                return scheduler.now(TimeUnit.NANOSECONDS);
            }

            @Override
            public Instant now() {
                return Instant.ofEpochMilli(scheduler.now(TimeUnit.MILLISECONDS));
            }
        };
    }
}
