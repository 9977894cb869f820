package dev.coxswain.supervisor.controlplane.oore;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.wire.Wire;
import dev.coxswain.supervisor.http.JsonAnswer;
import dev.coxswain.supervisor.http.JsonCalls;
import dev.coxswain.supervisor.http.JsonRequest;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Transport and error form (contract oore-ci 1): {@code {"error", "code"}}, where status and code count and the text is for
 * people. Bodies are never told: a claim and a status reply hold secrets (trap 19).
 */
final class Transport {
    private static final int MOST_ERROR = 200;

    private final Wire wire;

    Transport(JsonCalls calls, JsonMapper mapper, FleetClock clock) {
        this.wire = new Wire(calls, mapper, clock);
    }

    /** Emits the answer of any status; without one fails with a {@link ControlPlaneException}. */
    Mono<JsonAnswer> post(Operation operation, Credential credential, String path, JsonNode body) {
        return wire.send(new JsonRequest(operation.label(), path, credential.token().reveal(), wire.bytes(body),
                operation.timeout()));
    }

    /** A POST of a JSON text. */
    Mono<JsonAnswer> post(Operation operation, Credential credential, String path, String body) {
        return wire.send(new JsonRequest(operation.label(), path, credential.token().reveal(),
                body.getBytes(StandardCharsets.UTF_8), operation.timeout()));
    }

    Mono<JsonAnswer> get(Operation operation, Credential credential, String path) {
        return wire.send(JsonRequest.get(operation.label(), path, credential.token().reveal(), operation.timeout()));
    }

    /** A GET with one more secret in a header of its own, if there is one. */
    Mono<JsonAnswer> get(Operation operation, Credential credential, String path, String header,
            @Nullable Secret value) {
        JsonRequest plain = JsonRequest.get(operation.label(), path, credential.token().reveal(), operation.timeout());
        return wire.send(value == null ? plain : plain.with(header, value.reveal()));
    }

    Mono<JsonAnswer> delete(Operation operation, Credential credential, String path) {
        return wire.send(JsonRequest.delete(operation.label(), path, credential.token().reveal(), operation.timeout()));
    }

    /** The body as an object. */
    JsonNode object(Operation operation, JsonAnswer answer) {
        JsonNode json = wire.tree(answer);
        if (json == null || !json.isObject()) {
            throw garbled(operation, answer, "a JSON object was expected");
        }
        return json;
    }

    /** The machine code of an error; empty when the body is none of the daemon's (a proxy, 404, 405). */
    String code(JsonAnswer answer) {
        JsonNode json = wire.tree(answer);
        return json == null ? "" : json.path("code").asString("");
    }

    /** The text of an error, one short line without the token. */
    String words(JsonAnswer answer, Credential credential) {
        JsonNode json = wire.tree(answer);
        String text = json == null ? "" : json.path("error").asString("");
        String code = code(answer);
        String told = "HTTP " + answer.status() + (code.isEmpty() ? "" : " " + code);
        return Wire.line(text.isBlank() ? told : told + ": " + text, credential.token(), MOST_ERROR);
    }

    /**
     * What an answer other than 2xx to a call for a runner means: 401 and 403 concern its credential.
     */
    ControlPlaneException runnerError(Operation operation, JsonAnswer answer, Credential credential) {
        int status = answer.status();
        String message = place(operation) + ": " + words(answer, credential);
        return status == 401 || status == 403
                ? new ControlPlaneException.CredentialRefused(message)
                : wire.failure(answer, message);
    }

    /**
     * What an answer other than 2xx to a call for a job means: 401, 403 and 404 with the daemon's own word say that the job is
     * not ours any more (trap 7, 8); without it they are a proxy's, and pass.
     */
    ControlPlaneException jobError(Operation operation, JsonAnswer answer, Credential credential) {
        int status = answer.status();
        String message = place(operation) + ": " + words(answer, credential);
        if (status == 401 || status == 403 || status == 404) {
            return code(answer).isEmpty()
                    ? new ControlPlaneException.Garbled(message + " without the daemon's word", null)
                    : new ControlPlaneException.LeaseLost(words(answer, credential));
        }
        return wire.failure(answer, message);
    }

    ControlPlaneException.Garbled garbled(Operation operation, JsonAnswer answer, String problem) {
        return new ControlPlaneException.Garbled(place(operation) + ": HTTP " + answer.status() + ": " + problem
                + "; got " + answer.body().length + " bytes", null);
    }

    private String place(Operation operation) {
        return operation.label() + " at " + wire.host();
    }
}
