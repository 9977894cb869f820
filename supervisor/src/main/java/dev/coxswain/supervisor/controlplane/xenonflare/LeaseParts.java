package dev.coxswain.supervisor.controlplane.xenonflare;

import dev.coxswain.executors.Job;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.LeaseTerm;

/**
 * What every lease is made of, whatever its protocol.
 *
 * @param term as the lease answer gave it; of a restored lease one that is over already
 */
record LeaseParts(Calls calls, Credential credential, Job job, LeaseTerm term, Handle handle) {}
