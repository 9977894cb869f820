package dev.coxswain.supervisor.controlplane.shithub;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.controlplane.Secret;
import tools.jackson.databind.JsonNode;

/** What the end of a call makes of its chain (contract shithub-actions 2.3). */
sealed interface Fate {
    /** It worked, and here is the next token. */
    record Next(Secret token, LeaseTerm term, JsonNode body) implements Fate {}

    /** It worked, and was the last one. */
    record Finished(JsonNode body) implements Fate {}

    /**
     * The token was not used, or nobody knows: it may be sent again, since the server takes it once at most.
     *
     * @param doubts whether the server called the token invalid
     */
    record Kept(ControlPlaneException failure, boolean doubts) implements Fate {}

    /** The token is used, and no other one will come. */
    record Broken(String reason) implements Fate {}
}
