package dev.coxswain.supervisor.controlplane.oore;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.http.AnswerTooLongException;
import dev.coxswain.supervisor.http.CallException;
import dev.coxswain.supervisor.http.JsonAnswer;
import dev.coxswain.supervisor.http.JsonCalls;
import dev.coxswain.supervisor.http.JsonRequest;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Transport and error form (contract oore-ci 1): {@code {"error", "code"}}, where status and code count and the text is for
 * people. Bodies are never told: a claim and a status reply hold secrets (trap 19).
 */
final class Transport {
    private static final int MOST_ERROR = 200;
    private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Cntrl}]+");

    private final JsonCalls calls;
    private final JsonMapper mapper;
    private final FleetClock clock;

    Transport(JsonCalls calls, JsonMapper mapper, FleetClock clock) {
        this.calls = calls;
        this.mapper = mapper;
        this.clock = clock;
    }

    /** Emits the answer of any status; without one fails with a {@link ControlPlaneException}. */
    Mono<JsonAnswer> post(Operation operation, Credential credential, String path, JsonNode body) {
        return send(new JsonRequest(operation.label(), path, credential.token().reveal(),
                mapper.writeValueAsBytes(body), operation.timeout()));
    }

    /** A POST of a JSON text. */
    Mono<JsonAnswer> post(Operation operation, Credential credential, String path, String body) {
        return send(new JsonRequest(operation.label(), path, credential.token().reveal(),
                body.getBytes(StandardCharsets.UTF_8), operation.timeout()));
    }

    Mono<JsonAnswer> get(Operation operation, Credential credential, String path) {
        return send(JsonRequest.get(operation.label(), path, credential.token().reveal(), operation.timeout()));
    }

    /** A GET with one more secret in a header of its own, if there is one. */
    Mono<JsonAnswer> get(Operation operation, Credential credential, String path, String header,
            @Nullable Secret value) {
        JsonRequest plain = JsonRequest.get(operation.label(), path, credential.token().reveal(), operation.timeout());
        return send(value == null ? plain : plain.with(header, value.reveal()));
    }

    Mono<JsonAnswer> delete(Operation operation, Credential credential, String path) {
        return send(JsonRequest.delete(operation.label(), path, credential.token().reveal(), operation.timeout()));
    }

    private Mono<JsonAnswer> send(JsonRequest request) {
        return calls.send(request).onErrorMap(CallException.class, failure -> {
            String message = String.valueOf(failure.getMessage());
            return failure instanceof AnswerTooLongException
                    ? ControlPlaneException.Garbled.tooLong(message, failure)
                    : new ControlPlaneException.Unavailable(message, null, failure);
        });
    }

    /** The body as an object. */
    JsonNode object(Operation operation, JsonAnswer answer) {
        JsonNode json = tree(answer);
        if (json == null || !json.isObject()) {
            throw garbled(operation, answer, "a JSON object was expected");
        }
        return json;
    }

    /** The machine code of an error; empty when the body is none of the daemon's (a proxy, 404, 405). */
    String code(JsonAnswer answer) {
        JsonNode json = tree(answer);
        return json == null ? "" : json.path("code").asString("");
    }

    /** The text of an error, one short line without the token. */
    String words(JsonAnswer answer, Credential credential) {
        JsonNode json = tree(answer);
        String text = json == null ? "" : json.path("error").asString("");
        String line = BLANKS.matcher(text.replace(credential.token().reveal(), "***")).replaceAll(" ").strip();
        String code = code(answer);
        String told = "HTTP " + answer.status() + (code.isEmpty() ? "" : " " + BLANKS.matcher(code).replaceAll(" "));
        String all = line.isEmpty() ? told : told + ": " + line;
        return all.codePointCount(0, all.length()) <= MOST_ERROR
                ? all
                : all.substring(0, all.offsetByCodePoints(0, MOST_ERROR));
    }

    /**
     * What an answer other than 2xx to a call for a runner means: 401 and 403 concern its credential.
     */
    ControlPlaneException runnerError(Operation operation, JsonAnswer answer, Credential credential) {
        int status = answer.status();
        String message = place(operation) + ": " + words(answer, credential);
        return status == 401 || status == 403
                ? new ControlPlaneException.CredentialRefused(message)
                : other(operation, answer, message);
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
        return other(operation, answer, message);
    }

    private ControlPlaneException other(Operation operation, JsonAnswer answer, String message) {
        int status = answer.status();
        Duration again = answer.retryAfter(clock.now());
        if (status == 429) {
            return new ControlPlaneException.RateLimited(message, again);
        }
        if (status == 408 || status >= 500) {
            return new ControlPlaneException.Unavailable(message, again, null);
        }
        return status >= 400
                ? new ControlPlaneException.Rejected(message)
                : garbled(operation, answer, "this status is not in the contract");
    }

    ControlPlaneException.Garbled garbled(Operation operation, JsonAnswer answer, String problem) {
        return new ControlPlaneException.Garbled(place(operation) + ": HTTP " + answer.status() + ": " + problem
                + "; got " + answer.body().length + " bytes", null);
    }

    private String place(Operation operation) {
        return operation.label() + " at " + calls.host();
    }

    private @Nullable JsonNode tree(JsonAnswer answer) {
        try {
            JsonNode json = mapper.readTree(answer.body());
            return json.isMissingNode() ? null : json;
        } catch (JacksonException e) {
            // its message quotes the body
            return null;
        }
    }
}
