package dev.coxswain.supervisor.runner;

/** Who follows jobs from the lease to the settled end, for somebody outside. Nobody by default. */
public interface JobTraces {
    /** Follows none. */
    JobTraces OFF = (job, sentAtNanos) -> JobTrace.OFF;

    /**
     * Begins to follow a job that was granted; {@link JobTrace#OFF} when this one is not followed. Quick, and safe from
     * any thread.
     *
     * @param sentAtNanos when the lease request was sent, on the fleet's monotonic clock
     */
    JobTrace granted(Leased job, long sentAtNanos);

    /** What is known of a job when it is granted; ids are fine in a trace, secrets are not. */
    record Leased(String key, String controlPlane, String pool, String runner, String executor) {}
}
