package dev.coxswain.supervisor.controlplane.xenonflare;

/**
 * What two protocols with the same calls say differently.
 *
 * @param idField the field that names a job
 */
record Dialect(String idField, Operation heartbeat, Operation complete, Operation fail) {}
