package dev.coxswain.supervisor.register;

import dev.coxswain.supervisor.controlplane.Secret;

/**
 * A runner that was just made.
 *
 * @param id the control plane's name for it
 * @param about what it is, in words for people; no secret
 * @param credential the line of a credentials file, which nobody will show again
 */
public record NewRunner(String id, String about, Secret credential) {}
