package dev.coxswain.supervisor.controlplane.xenonflare;

import java.time.Duration;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is needed to heartbeat and settle a lease; as a text {@code {"projectId", "leaseMs", "coarse"}} in the journal.
 *
 * @param length how long the lease answer said that it holds; heartbeats without an end renew by it
 * @param coarse whether the server's now had whole seconds then
 */
record StudioHandle(String projectId, Duration length, boolean coarse) {
    /** Reads a handle; what a journal of another version lacks is taken from the job's id and the contract. */
    static StudioHandle read(JsonMapper mapper, String handle, String jobId) {
        JsonNode json;
        try {
            json = mapper.readTree(handle);
        } catch (JacksonException e) {
            return new StudioHandle(jobId, Terms.USUAL, false);
        }
        long millis = json.path("leaseMs").asLong(0);
        return new StudioHandle(json.path("projectId").asString(jobId),
                millis <= 0 ? Terms.USUAL : Duration.ofMillis(millis), json.path("coarse").asBoolean(false));
    }

    String text(JsonMapper mapper) {
        return mapper.writeValueAsString(mapper.createObjectNode().put("projectId", projectId)
                .put("leaseMs", length.toMillis()).put("coarse", coarse));
    }
}
