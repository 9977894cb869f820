package dev.coxswain.supervisor.simulator.oore;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.coxswain.supervisor.simulator.Answer;
import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.CallKind;
import dev.coxswain.supervisor.simulator.RefusedException;
import dev.coxswain.supervisor.simulator.Route;
import io.netty.handler.codec.http.QueryStringDecoder;
import reactor.core.publisher.Mono;

/**
 * What people do: register runners and look after them (contract oore-ci 3), and, below {@code /_sim}, what the contract
 * names without a path: pause and maintenance, a person's cancel, another protocol version, no storage. Each checks user
 * token (401), JSON (400), rights (403), then the rest.
 */
final class People {
    private static final Duration LONGEST_BARRIER = Duration.ofMinutes(5);

    private final Users users;
    private final Runners runners;
    private final Builds builds;
    private final Levers levers;

    @FunctionalInterface
    private interface Endpoint {
        Answer answer(Call call, Users.Role role);
    }

    People(Users users, Runners runners, Builds builds, Levers levers) {
        this.users = users;
        this.runners = runners;
        this.builds = builds;
        this.levers = levers;
    }

    List<Route> routes() {
        return List.of(route("POST", "/v1/runners/register", this::register),
                route("GET", "/v1/runners", this::list), route("GET", "/v1/runners/{runner}", this::get),
                route("PATCH", "/v1/runners/{runner}", this::rename),
                route("DELETE", "/v1/runners/{runner}", this::delete),
                route("POST", "/v1/_sim/levers", this::pull));
    }

    private Route route(String method, String path, Endpoint endpoint) {
        return Route.of(method, path, CallKind.OTHER, call -> Mono.fromSupplier(() -> {
            try {
                return endpoint.answer(call, users.role(call));
            } catch (RefusedException e) {
                return e.answer();
            }
        })).withMaxBody(2 * Body.MAX_BYTES);
    }

    private Answer register(Call call, Users.Role role) {
        Body body = Body.of(call);
        String name = body.text("name");
        mayWrite(role);
        Runners.Made made = runners.register(name, body.any("capabilities"), "simulated-owner");
        if (!otherForm()) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("runner", made.runner());
            answer.put("token", made.token());
            return Answer.json(200, answer);
        }
        Map<String, Object> flat = new LinkedHashMap<>(made.runner());
        flat.put("status", "online");
        flat.put("token", made.token());
        return Answer.json(200, flat);
    }

    private Answer list(Call call, Users.Role role) {
        mayRead(role);
        Map<String, List<String>> query = new QueryStringDecoder(call.uri()).parameters();
        if (!first(query, "q", "").isBlank()) {
            throw Refusal.store("no such column");
        }
        int limit = Math.clamp(number(query, "limit", 20), 1, 100);
        int offset = Math.max(0, number(query, "offset", 0));
        Runners.Page page = runners.page(limit, offset, first(query, "sort", ""),
                first(query, "direction", "").equals("asc"));
        if (otherForm()) {
            return Answer.json(200, page.runners());
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("runners", page.runners());
        answer.put("total", page.total());
        answer.put("online_total", page.online());
        return Answer.json(200, answer);
    }

    private Answer get(Call call, Users.Role role) {
        mayRead(role);
        return Answer.json(200, Map.of("runner", runners.one(call.param("runner"))));
    }

    private Answer rename(Call call, Users.Role role) {
        Body body = Body.of(call);
        String name = body.optionalText("name");
        mayWrite(role);
        return Answer.json(200, Map.of("runner", runners.rename(call.param("runner"), name)));
    }

    private Answer delete(Call call, Users.Role role) {
        mayWrite(role);
        runners.delete(call.param("runner"));
        return Answer.empty(204);
    }

    private Answer pull(Call call, Users.Role role) {
        Body body = Body.of(call);
        Long seconds = body.optionalWhole("maintenance_seconds", 0, LONGEST_BARRIER.toSeconds());
        Boolean paused = body.optionalTruth("paused");
        Boolean storage = body.optionalTruth("storage");
        Long version = body.optionalWhole("protocol_version", 0, 1000);
        String cancel = body.optionalText("cancel");
        mayWrite(role);
        synchronized (builds) {
            levers.paused = paused == null ? levers.paused : paused;
            levers.storage = storage == null ? levers.storage : storage;
            levers.protocolVersion = version == null ? levers.protocolVersion : version;
            if (seconds != null) {
                levers.maintenance(builds.now() + Duration.ofSeconds(seconds).toNanos());
            }
            return Answer.json(200, Map.of("canceled", cancel != null && builds.cancel(cancel)));
        }
    }

    private boolean otherForm() {
        synchronized (builds) {
            return levers.otherForm();
        }
    }

    private static void mayRead(Users.Role role) {
        if (!role.reads) {
            throw Users.forbidden();
        }
    }

    private static void mayWrite(Users.Role role) {
        if (!role.writes) {
            throw Users.forbidden();
        }
    }

    private static String first(Map<String, List<String>> query, String name, String otherwise) {
        List<String> values = query.get(name);
        return values == null ? otherwise : values.getFirst();
    }

    private static int number(Map<String, List<String>> query, String name, int otherwise) {
        String text = first(query, name, "");
        if (text.isEmpty()) {
            return otherwise;
        }
        if (!text.matches("-?\\d{1,9}")) {
            throw Refusal.invalid(name + " is a whole number");
        }
        return Integer.parseInt(text);
    }
}
