package dev.coxswain.supervisor.simulator;

import java.time.Instant;

/** The two clocks of a simulator: leases run on the monotonic one, dates that are sent come from the wall clock. */
public interface SimulatorClock {
    /** Nanoseconds since this clock was made; never negative, never goes back. */
    long nanos();

    /** The wall clock. */
    Instant now();

    /** The clock of this host. */
    static SimulatorClock system() {
        long origin = System.nanoTime();
        return new SimulatorClock() {
            @Override
            public long nanos() {
                return System.nanoTime() - origin;
            }

            @Override
            public Instant now() {
                return Instant.now();
            }
        };
    }
}
