package dev.coxswain.supervisor.simulator;

import java.util.Locale;

/** How a lease, and with it perhaps the job, ended. */
public enum JobEnd {
    /** The runner reported success: the job is settled. */
    COMPLETED,
    /** The runner reported a failure: the job is settled. */
    FAILED,
    /** The control plane cancelled the job: it is settled. */
    CANCELLED,
    /** The runner gave the job back unrun; it is queued again. */
    RETURNED,
    /** The lease ran out; the job is queued again. */
    EXPIRED,
    /** A fault ended the lease before its time; the job is queued again. */
    STOLEN;

    /** Whether the job needs no further lease. */
    public boolean settles() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
