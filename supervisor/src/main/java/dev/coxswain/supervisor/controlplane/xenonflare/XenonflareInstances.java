package dev.coxswain.supervisor.controlplane.xenonflare;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.http.JsonAnswer;
import dev.coxswain.supervisor.http.JsonCalls;
import dev.coxswain.supervisor.http.RetryPolicy;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes, renames and revokes runner instances, with a person's Firebase ID token (contract xenonflare-workspace 10). All
 * methods fail with a {@link ControlPlaneException} whose message holds neither of the two kinds of token.
 */
public final class XenonflareInstances {
    private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(1);
    private static final Operation CREATE = new Operation("create", "/createRunnerInstance", ANSWER_TIMEOUT);
    private static final Operation RENAME = new Operation("rename", "/updateRunnerInstance", ANSWER_TIMEOUT);
    private static final Operation REVOKE = new Operation("revoke", "/revokeRunnerInstance", ANSWER_TIMEOUT);
    /** The operations that {@link JsonCalls} must be made with. */
    public static final Set<String> OPERATIONS = Operation.labels(CREATE, RENAME, REVOKE);
    private static final int MOST_ID = 1024;
    private static final int MOST_TOKEN = 4096;

    private final Transport transport;
    private final JsonMapper mapper;
    private final Credential person;
    private final Scheduler timer;
    private final DoubleSupplier random;

    /**
     * For one person.
     *
     * @param timer for the pauses between the tries of a revocation
     * @param random uniform in [0, 1), for their jitter
     */
    public XenonflareInstances(JsonCalls calls, Secret idToken, JsonMapper mapper, FleetClock clock, Scheduler timer,
            DoubleSupplier random) {
        this.transport = new Transport(calls, mapper, clock);
        this.mapper = mapper;
        this.person = new Credential("ID token", idToken);
        this.timer = timer;
        this.random = random;
    }

    /** Whose jobs an instance leases. */
    public enum Kind {
        /** those of the person who made it */
        USER,
        /** those for everybody; only an admin makes such */
        GLOBAL;

        String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A new instance.
     *
     * @param id names it in later calls; there is no call that lists them
     * @param token the runner's key, which is never shown again
     */
    public record Instance(String id, String credentialId, Secret token, String kind, String name) {}

    /**
     * Makes one. One try: a lost answer leaves open whether there is a new instance, and a second try might make another
     * one. An instance whose key can't be understood is revoked again. Cancelling may lose a key.
     *
     * @param name null for the control plane's default
     */
    public Mono<Instance> create(Kind kind, @Nullable String name) {
        ObjectNode body = mapper.createObjectNode().put("kind", kind.wire());
        if (name != null) {
            body.put("name", name);
        }
        return call(CREATE, body).flatMap(answer -> {
            JsonNode made = transport.object(CREATE, answer);
            String id = text(made, "instanceId", MOST_ID);
            String token = text(made, "runnerToken", MOST_TOKEN);
            if (id == null || token == null || !token.chars().allMatch(c -> c > ' ' && c <= '~')) {
                ControlPlaneException garbled = transport.garbled(CREATE, answer,
                        "instanceId or runnerToken is missing or unreadable", null);
                return id == null
                        ? Mono.error(garbled)
                        : revoke(id).then(Mono.error(() -> new ControlPlaneException.Rejected(
                                garbled.getMessage() + "; the instance was revoked again")));
            }
            return Mono.just(new Instance(id, or(text(made, "credentialId", MOST_ID), "unknown"), new Secret(token),
                    or(text(made, "kind", MOST_ID), kind.wire()), or(text(made, "name", MOST_ID), "")));
        });
    }

    /** Gives one another name; emits the name that the control plane took. Cancelling leaves open whether it did. */
    public Mono<String> rename(String id, String name) {
        return call(RENAME, mapper.createObjectNode().put("instanceId", id).put("name", name))
                .map(answer -> or(text(transport.object(RENAME, answer), "name", MOST_ID), name));
    }

    /** Makes the key of one worthless, at once. Up to four tries, since a repeat does no harm. */
    public Mono<Void> revoke(String id) {
        return call(REVOKE, mapper.createObjectNode().put("instanceId", id))
                .retryWhen(RetryPolicy.FOUR_TRIES.on(ControlPlaneException.Unavailable.class, down -> true,
                        ControlPlaneException::retryAfter, timer, random))
                .then();
    }

    private Mono<JsonAnswer> call(Operation operation, ObjectNode body) {
        return transport.post(operation, person, body).map(answer -> {
            if (!answer.is2xx()) {
                throw transport.error(operation, answer, person);
            }
            // a page with 200 is a proxy's, and proves nothing
            transport.object(operation, answer);
            return answer;
        });
    }

    private static @Nullable String text(JsonNode body, String field, int most) {
        JsonNode value = body.path(field);
        return value.isString() && !value.stringValue().isBlank() && value.stringValue().length() <= most
                ? value.stringValue()
                : null;
    }

    private static String or(@Nullable String text, String other) {
        return text == null ? other : text;
    }
}
