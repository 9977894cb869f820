package dev.coxswain.supervisor.controlplane.shithub;

import java.util.List;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.wire.Wire;
import dev.coxswain.supervisor.http.JsonAnswer;
import dev.coxswain.supervisor.http.JsonRequest;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The heartbeat's request (contract shithub-actions 3), the only call with the registration token. */
final class RunnerCalls {
    private static final String PATH = "/api/v1/runners/heartbeat";
    private static final int MOST_ERROR = 200;

    private final Calls calls;
    private final Generations generations = new Generations();

    RunnerCalls(Calls calls) {
        this.calls = calls;
    }

    /**
     * One heartbeat; emits its 2xx answer. A refused key grants nothing, so the request is then made anew without it, at
     * once, at most twice in the life of this process.
     *
     * @param operation {@link Operation#LEASE} or {@link Operation#PRESENCE}
     */
    Mono<JsonAnswer> heartbeat(Operation operation, Credential credential, RunnerProfile profile, int capacity,
            List<Long> active) {
        return Mono.defer(() -> {
            Generations.Generation sent = generations.known();
            return post(operation, credential,
                    Generations.body(calls.object(), sent, profile, capacity, active)).flatMap(answer -> {
                        if (answer.is2xx()) {
                            return Mono.just(answer);
                        }
                        return answer.status() == 400 && generations.learn(sent, error(answer, credential))
                                ? heartbeat(operation, credential, profile, capacity, active)
                                : Mono.error(failure(operation, answer, credential));
                    });
        });
    }

    /**
     * Tries a credential: asks for more than anybody may have, which is refused when the token is good, before anything
     * is written or claimed (section 3.1).
     */
    Mono<Void> check(Credential credential) {
        return post(Operation.CHECK, credential, calls.object().put("capacity", RunnerProfile.MOST_SLOTS + 1))
                .flatMap(answer -> answer.status() == 400 && error(answer, credential).startsWith("capacity")
                        ? Mono.empty()
                        : Mono.error(answer.is2xx()
                                ? new ControlPlaneException.Garbled(
                                        place(Operation.CHECK, answer) + ": this is no answer of shithub", null)
                                : failure(Operation.CHECK, answer, credential)));
    }

    private Mono<JsonAnswer> post(Operation operation, Credential credential, ObjectNode body) {
        Wire wire = wire(operation);
        return wire.send(new JsonRequest(operation.label(), PATH, credential.token().reveal(), wire.bytes(body),
                operation.timeout()));
    }

    private Wire wire(Operation operation) {
        return operation == Operation.PRESENCE ? calls.heartbeats() : calls.calls();
    }

    /** 401 concerns the credential, and no job of it (trap 26). */
    private ControlPlaneException failure(Operation operation, JsonAnswer answer, Credential credential) {
        String error = error(answer, credential);
        String message = place(operation, answer) + (error.isEmpty() ? "" : ": " + error);
        return answer.status() == 401 || answer.status() == 403
                ? new ControlPlaneException.CredentialRefused(message)
                : wire(operation).failure(answer, message);
    }

    private String error(JsonAnswer answer, Credential credential) {
        JsonNode body = calls.calls().tree(answer);
        return body == null ? "" : Wire.line(body.path("error").asString(""), credential.token(), MOST_ERROR);
    }

    private String place(Operation operation, JsonAnswer answer) {
        return operation.label() + " at " + wire(operation).host() + ": HTTP " + answer.status();
    }
}
