package dev.coxswain.supervisor.controlplane;

/**
 * What one runner proves itself with.
 *
 * @param runner the runner's name in this fleet; stable over restarts, not secret, never a part of the token
 * @param token the bearer token
 */
public record Credential(String runner, Secret token) {}
