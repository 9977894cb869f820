package dev.coxswain.supervisor.controlplane.oore;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;

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
 * Registers and deletes runners, with a person's token (contract oore-ci 3). All methods fail with a
 * {@link ControlPlaneException} whose message holds neither of the two kinds of token.
 */
public final class OoreRunners {
    /** The operations that {@link JsonCalls} must be made with. */
    public static final Set<String> OPERATIONS = Operation.PERSONS_LABELS;
    /** The longest name, in bytes of UTF-8. */
    public static final int MOST_NAME_BYTES = 255;
    private static final String PATH = "/v1/runners";
    private static final int MOST_TEXT = 1024;

    private final Transport transport;
    private final JsonMapper mapper;
    private final Credential person;
    private final Scheduler timer;
    private final DoubleSupplier random;

    /**
     * For one person.
     *
     * @param userToken of a login session or an API token; a runner's token is refused by the daemon
     * @param timer for the pauses between the tries of a deletion
     * @param random uniform in [0, 1), for their jitter
     */
    public OoreRunners(JsonCalls calls, Secret userToken, JsonMapper mapper, FleetClock clock, Scheduler timer,
            DoubleSupplier random) {
        this.transport = new Transport(calls, mapper, clock);
        this.mapper = mapper;
        this.person = new Credential("user token", userToken);
        this.timer = timer;
        this.random = random;
    }

    /**
     * A runner that was just registered.
     *
     * @param token never shown again
     */
    public record Registered(String id, String name, Secret token) {}

    /** Whether the daemon takes this as a runner's name: the limit is in bytes. */
    public static boolean isName(String name) {
        String trimmed = name.strip();
        return !trimmed.isEmpty() && trimmed.getBytes(StandardCharsets.UTF_8).length <= MOST_NAME_BYTES;
    }

    /**
     * Registers one. One try: every call that arrives makes another runner, so a lost answer leaves open whether there is
     * one. A runner whose token can't be understood is deleted again. Cancelling may lose a token.
     *
     * @param capabilities what is true of this host, for people: nothing is matched with it
     */
    public Mono<Registered> register(String name, Map<String, Object> capabilities) {
        ObjectNode body = mapper.createObjectNode().put("name", name);
        body.set("capabilities", mapper.valueToTree(capabilities));
        return transport.post(Operation.REGISTER, person, PATH + "/register", body).flatMap(answer -> {
            if (!answer.is2xx()) {
                return Mono.error(refused(Operation.REGISTER, answer));
            }
            JsonNode made = transport.object(Operation.REGISTER, answer);
            // flat in the first description of the protocol
            JsonNode runner = made.path("runner").isObject() ? made.path("runner") : made;
            String id = word(runner, "id");
            String token = word(made, "token");
            if (!id.isEmpty() && !token.isEmpty()) {
                String taken = runner.path("name").isString() ? runner.path("name").stringValue() : name;
                return Mono.just(new Registered(id, taken, new Secret(token)));
            }
            ControlPlaneException garbled = transport.garbled(Operation.REGISTER, answer,
                    "the runner's id or token is missing or unreadable");
            return id.isEmpty()
                    ? Mono.error(garbled)
                    : delete(id).then(Mono.error(() -> new ControlPlaneException.Rejected(
                            garbled.getMessage() + "; the runner was deleted again")));
        });
    }

    /**
     * Deletes one, so that its token is worthless; one that is not there is no error. Up to four tries, since a repeat does
     * no harm. The daemon keeps a runner that ever had a build.
     */
    public Mono<Void> delete(String id) {
        return transport.delete(Operation.DELETE, person, PATH + "/" + Calls.segment(id))
                .flatMap(answer -> answer.is2xx()
                        || (answer.status() == 404 && transport.code(answer).equals("not_found"))
                                ? Mono.<Void>empty()
                                : Mono.error(refused(Operation.DELETE, answer)))
                .retryWhen(RetryPolicy.FOUR_TRIES.on(ControlPlaneException.Unavailable.class, down -> true,
                        ControlPlaneException::retryAfter, timer, random));
    }

    private ControlPlaneException refused(Operation operation, JsonAnswer answer) {
        ControlPlaneException refused = transport.runnerError(operation, answer, person);
        String advice = switch (answer.status() + " " + transport.code(answer)) {
            case "401 invalid_session" -> "the token is a runner's, or its session is over: give a user token";
            case "403 permission_denied" -> "runners are registered by owners and admins: give a token of one";
            case "409 runner_has_builds" -> "a runner that ever had a build stays: have no fleet use its token";
            default -> "";
        };
        if (advice.isEmpty()) {
            return refused;
        }
        String message = refused.getMessage() + "; " + advice;
        return answer.status() == 409
                ? new ControlPlaneException.Rejected(message)
                : new ControlPlaneException.CredentialRefused(message);
    }

    /** A text without blanks, as a line of a credentials file needs it; else empty. */
    private static String word(JsonNode object, String field) {
        String text = object.path(field).isString() ? object.path(field).stringValue() : "";
        return text.length() <= MOST_TEXT && text.chars().allMatch(c -> c > ' ' && c <= '~') ? text : "";
    }
}
