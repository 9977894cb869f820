package dev.coxswain.supervisor.controlplane.xenonflare;

import java.time.Duration;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is needed to heartbeat and settle a lease; as a text {@code {"<id field>", "leaseMs", "coarse"}} in the
 * journal.
 *
 * @param id the control plane's own id of the job
 * @param length how long the lease answer said that it holds; heartbeats without an end renew by it
 * @param coarse whether the server's now had whole seconds then
 */
record Handle(String id, Duration length, boolean coarse) {
    /** Reads a handle; what a journal of another version lacks is taken from the job's id and the contract. */
    static Handle read(JsonMapper mapper, String idField, String handle, String jobId) {
        JsonNode json;
        try {
            json = mapper.readTree(handle);
        } catch (JacksonException e) {
            return new Handle(jobId, Terms.USUAL, false);
        }
        long millis = json.path("leaseMs").asLong(0);
        return new Handle(json.path(idField).asString(jobId),
                millis <= 0 ? Terms.USUAL : Duration.ofMillis(millis), json.path("coarse").asBoolean(false));
    }

    String text(JsonMapper mapper, String idField) {
        return mapper.writeValueAsString(mapper.createObjectNode().put(idField, id)
                .put("leaseMs", length.toMillis()).put("coarse", coarse));
    }
}
