package dev.coxswain.supervisor.simulator;

import java.time.Duration;

/**
 * A job came to its end.
 *
 * @param job which one
 * @param end how
 * @param holder the credential id of the runner that held it
 * @param pickup from queued to leased for the first time
 * @param settle from the last lease to the end
 * @param settled how many jobs are settled now
 * @param total how many jobs there are
 */
public record JobSettled(JobKey job, JobEnd end, String holder, Duration pickup, Duration settle, long settled,
        long total) {}
