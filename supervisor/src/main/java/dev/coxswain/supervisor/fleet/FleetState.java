package dev.coxswain.supervisor.fleet;

import java.util.Locale;

/** The fleet's life. It only moves forward. */
enum FleetState {
    /** nothing is leased yet */
    STARTING,
    /** jobs are leased and run */
    RUNNING,
    /** nothing new is leased; what is held is finished */
    DRAINING,
    /** nothing happens any more */
    STOPPED;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
