package dev.coxswain.supervisor.controlplane.shithub;

import java.util.function.Supplier;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.wire.Wire;
import dev.coxswain.supervisor.http.JsonRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What all calls of one control plane share.
 *
 * @param calls for everything but what renews
 * @param heartbeats over their own connection pool
 */
record Calls(Wire calls, Wire heartbeats, Fates fates, JsonMapper mapper, FleetClock clock) {
    private static final String JOBS = "/api/v1/jobs/";

    ObjectNode object() {
        return mapper.createObjectNode();
    }

    /**
     * A call for a job.
     *
     * @param what the path behind the job's id
     * @param body asked for when the call has its turn
     */
    ChainCall job(Operation operation, long job, String what, Supplier<JsonNode> body) {
        return new ChainCall(operation, operation == Operation.COMPLETE,
                token -> (operation == Operation.HEARTBEAT ? heartbeats : calls).send(
                        new JsonRequest(operation.label(), JOBS + job + what, token.reveal(),
                                calls.bytes(body.get()), operation.timeout())));
    }
}
