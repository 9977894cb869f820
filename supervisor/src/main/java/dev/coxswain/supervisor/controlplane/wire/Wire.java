package dev.coxswain.supervisor.controlplane.wire;

import java.time.Duration;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.RateLimit;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.http.AnswerTooLongException;
import dev.coxswain.supervisor.http.CallException;
import dev.coxswain.supervisor.http.JsonAnswer;
import dev.coxswain.supervisor.http.JsonCalls;
import dev.coxswain.supervisor.http.JsonRequest;
import dev.coxswain.supervisor.http.RateHeaders;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON calls to one control plane, one request for each subscription. Knows no protocol: who is refused, what is lost and
 * which words an error has is the adapter's. Bodies are never told, since any of them may hold a secret.
 */
public final class Wire {
    private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Cntrl}]+");

    private final JsonCalls calls;
    private final JsonMapper mapper;
    private final FleetClock clock;

    public Wire(JsonCalls calls, JsonMapper mapper, FleetClock clock) {
        this.calls = calls;
        this.mapper = mapper;
        this.clock = clock;
    }

    /** The host that is called, for messages. */
    public String host() {
        return calls.host();
    }

    /** Emits the answer of any status; without a whole one fails with a {@link ControlPlaneException}. */
    public Mono<JsonAnswer> send(JsonRequest request) {
        return calls.send(request).onErrorMap(CallException.class, failure -> {
            String message = String.valueOf(failure.getMessage());
            // what else kept an answer away (name service, TLS, a full pool) says nothing about the request itself
            return failure instanceof AnswerTooLongException
                    ? ControlPlaneException.Garbled.tooLong(message, failure)
                    : new ControlPlaneException.Unavailable(message, null, failure);
        });
    }

    public byte[] bytes(JsonNode body) {
        return mapper.writeValueAsBytes(body);
    }

    /** The body of an answer; null when it is blank or no JSON. */
    public @Nullable JsonNode tree(JsonAnswer answer) {
        try {
            JsonNode json = mapper.readTree(answer.body());
            return json.isMissingNode() ? null : json;
        } catch (JacksonException e) {
            // its message quotes the body
            return null;
        }
    }

    /**
     * What an answer other than 2xx means where no protocol says otherwise: 408, 429 and 5xx pass, other 4xx are final. A
     * redirect is never followed with a credential.
     */
    public ControlPlaneException failure(JsonAnswer answer, String message) {
        int status = answer.status();
        if (status == 429) {
            return new ControlPlaneException.RateLimited(message, comeAgain(answer));
        }
        if (status == 408 || status >= 500) {
            return new ControlPlaneException.Unavailable(message, comeAgain(answer), null);
        }
        return status >= 400
                ? new ControlPlaneException.Rejected(message)
                : new ControlPlaneException.Garbled(message + ": this status is not in the contract; got "
                        + answer.body().length + " bytes", null);
    }

    /** What the rate headers of an answer allow, or null. */
    public @Nullable RateLimit rateLimit(JsonAnswer answer) {
        RateHeaders rate = answer.rate(clock.now());
        return rate == null ? null : new RateLimit(rate.remaining(), rate.resetAfter());
    }

    /** When the server wants us again: {@code Retry-After}, else the reset when its rate headers leave nothing. */
    private @Nullable Duration comeAgain(JsonAnswer answer) {
        Duration asked = answer.retryAfter(clock.now());
        RateLimit rate = rateLimit(answer);
        return asked == null && rate != null && rate.isExhausted() ? rate.resetAfter() : asked;
    }

    /** A server's text as one short line without this secret; may be empty. */
    public static String line(String text, Secret hidden, int most) {
        String line = blanks(text.replace(hidden.reveal(), "***")).strip();
        return line.codePointCount(0, line.length()) <= most
                ? line
                : line.substring(0, line.offsetByCodePoints(0, most));
    }

    private static String blanks(String text) {
        return BLANKS.matcher(text).replaceAll(" ");
    }
}
