package dev.coxswain.supervisor.controlplane;

import java.time.Instant;

/**
 * What the journal needs to find and end a lease after a crash. Holds no secret.
 *
 * @param key our name of the lease ({@code Job.key()})
 * @param controlPlane the control plane's name in the configuration
 * @param pool the pool's name
 * @param runner {@link Credential#runner()}
 * @param jobId the control plane's own id of the job
 * @param handle what else the adapter needs to take the lease up again, in its own form; no secret
 * @param leasedAt wall clock when the lease was won
 */
public record LeaseRecord(String key, String controlPlane, String pool, String runner, String jobId, String handle,
        Instant leasedAt) {}
