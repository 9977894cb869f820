package dev.coxswain.supervisor.controlplane.shithub;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.wire.Wire;
import dev.coxswain.supervisor.http.JsonAnswer;
import tools.jackson.databind.JsonNode;

/**
 * Reads what an answer says about the token it was asked with (contract shithub-actions 2.3, 2.4 and 16.7):
 * <ul>
 * <li>2xx with a next token: that one is used from now on. Without one, on a call that does not end the job: broken.
 * <li>400, 402, 404, 500 in the server's own words: used up, and nothing follows. But {@code job lookup failed} came before.
 * <li>401 {@code job token replayed}: used up before. {@code job token required}: never looked at. {@code job token
 * invalid}, or words we don't know: once it may be the server's own trouble, the second time it is not.
 * <li>503 in any words, and whatever else is not listed: kept.
 * <li>An answer without the server's {@code {"error"}} is some proxy's: kept, whatever its status. If the call did get
 * through, the next one hears {@code replayed}.
 * </ul>
 */
final class Fates {
    private static final int MOST_ERROR = 200;
    private static final String NO_STORE = "object storage is not configured";

    private final Wire wire;
    private final FleetClock clock;

    Fates(Wire wire, FleetClock clock) {
        this.wire = wire;
        this.clock = clock;
    }

    Fate of(ChainCall call, Secret token, boolean doubted, JsonAnswer answer) {
        JsonNode body = wire.tree(answer);
        String place = call.operation().label() + " at " + wire.host() + ": HTTP " + answer.status();
        if (answer.is2xx()) {
            return body == null || !body.isObject()
                    ? new Fate.Kept(garbled(place, "a JSON object was expected", answer), false)
                    : taken(call, place, body, answer);
        }
        String error = body == null ? "" : Wire.line(body.path("error").asString(""), token, MOST_ERROR);
        return error.isEmpty()
                ? new Fate.Kept(strangers(place, answer), false)
                : refused(error, place + ": " + error, doubted, answer);
    }

    private Fate taken(ChainCall call, String place, JsonNode body, JsonAnswer answer) {
        if (call.isTerminal()) {
            return body.path("status").isString()
                    ? new Fate.Finished(body)
                    : new Fate.Kept(garbled(place, "status is missing", answer), false);
        }
        Secret next = token(body, "next_token");
        return next == null
                ? new Fate.Broken("the control plane gave no next token (" + call.operation().label() + ")")
                : new Fate.Next(next, JobTerms.read(body.path("next_token_expires_at"), answer, clock), body);
    }

    /** A token that can be sent; null when there is none. */
    static @Nullable Secret token(JsonNode body, String key) {
        String token = body.path(key).asString("");
        return token.matches("[!-~]{1,8000}") ? new Secret(token) : null;
    }

    private Fate refused(String error, String message, boolean doubted, JsonAnswer answer) {
        return switch (answer.status()) {
            case 400, 402, 404 -> new Fate.Broken(error);
            case 401 -> unauthorised(error, message, doubted);
            case 500 -> error.equals("job lookup failed")
                    ? new Fate.Kept(wire.failure(answer, message), false)
                    : new Fate.Broken(error);
            case 503 -> new Fate.Kept(error.equals(NO_STORE)
                    ? new ControlPlaneException.Rejected(message)
                    : wire.failure(answer, message), false);
            default -> new Fate.Kept(wire.failure(answer, message), false);
        };
    }

    private static Fate unauthorised(String error, String message, boolean doubted) {
        return switch (error) {
            case "job token replayed" -> new Fate.Broken(error);
            case "job token required" ->
                new Fate.Kept(new ControlPlaneException.Unavailable(message, null, null), false);
            default -> doubted
                    ? new Fate.Broken(error + ", twice")
                    : new Fate.Kept(new ControlPlaneException.Unavailable(message, null, null), true);
        };
    }

    /** A proxy's refusal of who we are, or of where, says nothing about the job: it passes. */
    private ControlPlaneException strangers(String place, JsonAnswer answer) {
        return switch (answer.status()) {
            case 401, 403, 404 -> garbled(place, "without the control plane's own word", answer);
            default -> wire.failure(answer, place);
        };
    }

    private static ControlPlaneException garbled(String place, String problem, JsonAnswer answer) {
        return new ControlPlaneException.Garbled(place + ": " + problem + "; got " + answer.body().length + " bytes",
                null);
    }
}
