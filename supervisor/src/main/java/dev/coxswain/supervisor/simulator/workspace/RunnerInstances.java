package dev.coxswain.supervisor.simulator.workspace;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.simulator.Answer;
import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.CallKind;
import dev.coxswain.supervisor.simulator.QueuedControlPlane;
import dev.coxswain.supervisor.simulator.RefusedException;
import dev.coxswain.supervisor.simulator.Route;
import dev.coxswain.supervisor.simulator.SimulatorContext;
import dev.coxswain.supervisor.simulator.Violation;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * The management endpoints: runners made, renamed and revoked by a person (contract xenonflare-workspace 10). Each checks
 * in this order: method and path, ID token (401), JSON (400), fields (400), rights (403), instance (404), number (429).
 * Where the contract is silent, this is our choice: the statuses, names of up to 100 characters, 10,000 instances, and
 * two people, of whom the first may make runners for everybody. Guarded by its own monitor (tiny sections).
 */
final class RunnerInstances {
    private static final int MAX_NAME = 100;
    private static final int MAX_ID = 1024;
    private static final int MAX_INSTANCES = 10_000;
    private static final String ADMIN = "workspace-person-1";
    private static final String OTHER = "workspace-person-2";
    private static final String USER = "user";
    private static final String GLOBAL = "global";

    private record Instance(String id, String person, String token, Target target, String name) {}

    @FunctionalInterface
    private interface Endpoint {
        Answer answer(JsonNode body, String person);
    }

    private final SimulatorContext context;
    private final Map<String, String> idTokens = new LinkedHashMap<>();
    private final Map<String, Target> users;
    private final Target everybody;
    private final Map<String, Instance> instances = new LinkedHashMap<>();
    private final Map<String, Target> live = new LinkedHashMap<>();
    private final Set<String> given = new HashSet<>();
    private int made;

    /** @param known the targets that have runners already */
    RunnerInstances(SimulatorContext context, Collection<Target> known) {
        this.context = context;
        for (String person : List.of(ADMIN, OTHER)) {
            idTokens.put(person, context.tokens().idToken(person));
        }
        List<Target> ofUsers = known.stream().distinct().filter(target -> target.name().equals(USER)).toList();
        users = Map.of(ADMIN, nth(ofUsers, 0), OTHER, nth(ofUsers, 1));
        everybody = known.stream().filter(target -> target.name().equals(GLOBAL)).findFirst()
                .orElseGet(() -> Target.target(GLOBAL, context));
    }

    private Target nth(List<Target> targets, int n) {
        return n < targets.size() ? targets.get(n) : Target.target(USER, context);
    }

    /** What people prove themselves with, by name. */
    Map<String, String> idTokens() {
        return Collections.unmodifiableMap(idTokens);
    }

    /** Whether it is a person's, or was given to an instance that may be revoked meanwhile. */
    synchronized boolean gaveOut(String token) {
        return idTokens.containsValue(token) || given.contains(token);
    }

    /** Whose jobs this runner's key leases; null when it was not made here or is revoked. */
    synchronized @Nullable Target target(String token) {
        if (idTokens.containsValue(token)) {
            context.ledger().violation(Violation.SECRET_SEEN, WorkspaceProtocol.NAME, "authorization",
                    "an ID token where a runner's key belongs");
        }
        return live.get(token);
    }

    List<Route> routes() {
        return List.of(route("/createRunnerInstance", this::create), route("/updateRunnerInstance", this::rename),
                route("/revokeRunnerInstance", this::revoke));
    }

    private Route route(String path, Endpoint endpoint) {
        return Route.of("POST", path, CallKind.OTHER, call -> Mono.fromSupplier(() -> answer(call, endpoint)));
    }

    private Answer answer(Call call, Endpoint endpoint) {
        String token = call.bearer();
        String holder = context.tokens().holder(token);
        if (holder == null || !idTokens.containsKey(holder)) {
            if (holder != null) {
                context.ledger().violation(Violation.SECRET_SEEN, WorkspaceProtocol.NAME, holder,
                        "a runner's key where an ID token belongs");
            }
            return Answer.error(401, "unknown or missing ID token");
        }
        try {
            return endpoint.answer(QueuedControlPlane.object(call), holder);
        } catch (RefusedException e) {
            return e.answer();
        }
    }

    private synchronized Answer create(JsonNode body, String person) {
        String kind = WorkspaceBodies.text(body, "kind", MAX_ID);
        if (!Set.of(USER, GLOBAL).contains(kind)) {
            throw RefusedException.of(400, "kind must be user or global");
        }
        String name = body.has("name") ? WorkspaceBodies.text(body, "name", MAX_NAME) : "Runner";
        if (kind.equals(GLOBAL) && !person.equals(ADMIN)) {
            return Answer.error(403, "only an admin makes global runners");
        }
        if (made >= MAX_INSTANCES) {
            return Answer.error(429, "too many instances");
        }
        made++;
        String family = "workspace-made-" + made;
        String token = context.tokens().family(family, 1).getFirst();
        Target target = kind.equals(GLOBAL) ? everybody : target(users, person);
        String id = "instance-" + made;
        instances.put(id, new Instance(id, person, token, target, name));
        given.add(token);
        live.put(token, target);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("instanceId", id);
        answer.put("credentialId", family + "-1");
        answer.put("runnerToken", token);
        answer.put("kind", kind);
        answer.put("name", name);
        return Answer.json(201, answer);
    }

    private static Target target(Map<String, Target> users, String person) {
        Target target = users.get(person);
        if (target == null) {
            throw new IllegalStateException("a person without a target");
        }
        return target;
    }

    private synchronized Answer rename(JsonNode body, String person) {
        String id = WorkspaceBodies.text(body, "instanceId", MAX_ID);
        String name = WorkspaceBodies.text(body, "name", MAX_NAME);
        Instance instance = instances.get(id);
        if (instance == null || !instance.person().equals(person) || !live.containsKey(instance.token())) {
            return Answer.error(404, "no such instance");
        }
        instances.put(id, new Instance(id, person, instance.token(), instance.target(), name));
        return Answer.json(200, Map.of("ok", true, "name", name));
    }

    /** A second time is answered like the first: whoever lost the answer asks again. */
    private synchronized Answer revoke(JsonNode body, String person) {
        Instance instance = instances.get(WorkspaceBodies.text(body, "instanceId", MAX_ID));
        if (instance == null || !instance.person().equals(person)) {
            return Answer.error(404, "no such instance");
        }
        live.remove(instance.token());
        return Answer.json(200, Map.of("ok", true));
    }
}
