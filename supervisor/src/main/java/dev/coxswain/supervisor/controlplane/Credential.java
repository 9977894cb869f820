package dev.coxswain.supervisor.controlplane;

import org.jspecify.annotations.Nullable;

/**
 * What one runner proves itself with.
 *
 * @param runner the runner's name in this fleet; stable over restarts, not secret, never a part of the token
 * @param token the bearer token
 * @param id the runner's own id at the control plane, where the protocol asks for it; not secret; else null
 */
public record Credential(String runner, Secret token, @Nullable String id) {
    /** Where the token alone says who it is. */
    public Credential(String runner, Secret token) {
        this(runner, token, null);
    }
}
