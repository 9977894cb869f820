package dev.coxswain.supervisor.controlplane.xenonflare;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.RateLimit;
import dev.coxswain.supervisor.controlplane.wire.Wire;
import dev.coxswain.supervisor.http.JsonAnswer;
import dev.coxswain.supervisor.http.JsonCalls;
import dev.coxswain.supervisor.http.JsonRequest;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The transport and the error form that both xenonflare protocols share (contracts xenonflare-studio 1 and 2,
 * xenonflare-workspace 1 and 8): POST, JSON, bearer token; errors are {@code {"error", "detail"?}}.
 */
final class Transport {
    private static final int MOST_ERROR_TEXT = 300;
    private static final int MOST_DETAIL = 420;
    private static final int MOST_PREVIEW = 240;

    private final Wire wire;
    private final JsonMapper mapper;

    Transport(JsonCalls calls, JsonMapper mapper, FleetClock clock) {
        this.wire = new Wire(calls, mapper, clock);
        this.mapper = mapper;
    }

    /** Emits the answer of any status; without one fails with a {@link ControlPlaneException}. */
    Mono<JsonAnswer> post(Operation operation, Credential credential, JsonNode body) {
        return post(operation, credential, wire.bytes(body));
    }

    Mono<JsonAnswer> post(Operation operation, Credential credential, byte[] body) {
        return wire.send(new JsonRequest(operation.label(), operation.path(), credential.token().reveal(), body,
                operation.timeout()));
    }

    /**
     * The body of an answer as an object; an empty body counts as {@code {}} (contract xenonflare-workspace 8).
     *
     * @throws ControlPlaneException.Garbled when it is something else
     */
    JsonNode object(Operation operation, JsonAnswer answer) {
        if (answer.body().length == 0) {
            return mapper.createObjectNode();
        }
        JsonNode json = json(operation, answer);
        if (!json.isObject()) {
            throw garbled(operation, answer, "a JSON object was expected", null);
        }
        return json;
    }

    /** The body of an answer as JSON of any kind. */
    JsonNode json(Operation operation, JsonAnswer answer) {
        JsonNode json = wire.tree(answer);
        if (json == null) {
            throw garbled(operation, answer, "the body is no JSON", null);
        }
        return json;
    }

    /** An answer that is not what the contract says: names what came, never its content. */
    ControlPlaneException.Garbled garbled(Operation operation, JsonAnswer answer, String problem,
            @Nullable Throwable cause) {
        return new ControlPlaneException.Garbled(place(operation, answer) + ": " + problem + "; got "
                + answer.body().length + " bytes of " + contentType(answer), cause);
    }

    /**
     * What an answer other than 2xx means, before a protocol says what a lost lease looks like: 401 and 403 concern the
     * credential, 408, 429 and 5xx pass, other 4xx are final. A redirect is never followed with a credential.
     */
    ControlPlaneException error(Operation operation, JsonAnswer answer, Credential credential) {
        int status = answer.status();
        String message = place(operation, answer) + errorText(answer, credential);
        if (status == 401 || status == 403) {
            return new ControlPlaneException.CredentialRefused(message);
        }
        return wire.failure(answer, message);
    }

    /** What the rate headers of an answer allow, or null. */
    @Nullable
    RateLimit rateLimit(JsonAnswer answer) {
        return wire.rateLimit(answer);
    }

    /**
     * Whether the control plane says that the lease is not ours.
     *
     * @throws ControlPlaneException.Garbled when a page says so: that is a proxy's word
     */
    boolean isGone(Operation operation, JsonAnswer answer) {
        int status = answer.status();
        boolean gone = status == 404 || status == 409 || status == 410;
        if (gone && isPage(answer)) {
            throw garbled(operation, answer, "a page is not the control plane's word", null);
        }
        return gone;
    }

    /** What the answer to a call for a job that does not exist says about the credential. */
    Mono<Void> checked(Operation operation, JsonAnswer answer, Credential credential) {
        int status = answer.status();
        boolean known = status == 400 || status == 404 || status == 409 || status == 410;
        // a page instead of an answer means that the URL leads elsewhere, not that the credential is good
        return (known || answer.is2xx()) && !isPage(answer)
                ? Mono.empty()
                : Mono.error(answer.is2xx()
                        ? garbled(operation, answer, "a JSON answer was expected", null)
                        : error(operation, answer, credential));
    }

    /**
     * {@code " — error | detail: …"} of an error body, one short line without secrets; the beginning of a body that is no
     * JSON and no page; else empty (contract xenonflare-workspace 8).
     */
    String errorText(JsonAnswer answer, Credential credential) {
        JsonNode body = wire.tree(answer);
        if (body == null) {
            String preview = isPage(answer) ? "" : OneLine.of(answer.text(), credential, MOST_PREVIEW);
            return preview.isEmpty() ? "" : " — " + preview;
        }
        JsonNode error = body.path("error");
        JsonNode detail = body.path("detail");
        if (error.isMissingNode() && detail.isMissingNode()) {
            return "";
        }
        String text = error.isString() ? error.stringValue() : error.isMissingNode() ? "" : error.toString();
        String told = " — " + OneLine.of(text, credential, MOST_ERROR_TEXT);
        if (detail.isMissingNode() || detail.isNull()) {
            return told;
        }
        String all = detail.isString() ? detail.stringValue() : detail.toString();
        String some = OneLine.of(all, credential, MOST_DETAIL);
        return told + " | detail: " + some
                + (some.length() >= MOST_DETAIL - 1 && all.length() > MOST_DETAIL ? "…" : "");
    }

    /** Whether the answer is a page for people, so some proxy's word and not the control plane's. */
    static boolean isPage(JsonAnswer answer) {
        String type = answer.contentType();
        if (type != null && type.toLowerCase(Locale.ROOT).contains("html")) {
            return true;
        }
        return new String(answer.body(), 0, Math.min(answer.body().length, 64), StandardCharsets.UTF_8).strip()
                .startsWith("<");
    }

    private String place(Operation operation, JsonAnswer answer) {
        return "POST " + operation.path() + " at " + wire.host() + ": HTTP " + answer.status();
    }

    private static String contentType(JsonAnswer answer) {
        String type = answer.contentType();
        return type == null ? "unknown type" : OneLine.cut(type, 60);
    }
}
