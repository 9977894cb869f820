package dev.coxswain.executors;

/**
 * What is to be run, as a control plane handed it out. Holds no credential.
 *
 * @param key our own name of this one lease of the job: unique in the fleet's life, safe as a file name and in a URL
 * @param id the control plane's own id of the job
 * @param document the lease answer as it was delivered, a JSON text
 */
public record Job(String key, String id, String document) {}
