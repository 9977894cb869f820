package dev.coxswain.supervisor.simulator.shithub;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.coxswain.supervisor.simulator.Answer;
import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.CallKind;
import dev.coxswain.supervisor.simulator.JobEnd;
import dev.coxswain.supervisor.simulator.RefusedException;
import dev.coxswain.supervisor.simulator.Route;
import dev.coxswain.supervisor.simulator.SimulatorContext;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * What people do with the server: cancel a job (contract shithub-actions 9), and, below {@code /_sim}, what has no path in
 * the contract: levers, failures to come, and a look at the jobs. All of it wants the owner's token.
 */
final class Operator {
    static final String OWNER = "shithub-owner";
    private static final String HEARTBEAT = "heartbeat";
    private static final int MOST_FAILURES = 1_000_000;
    private static final Set<String> KEYS = Set.of("generation", "configured", "object_store", "unique_artifacts",
            "paused", "token_seconds", "rate_limit", "runner", "draining", "revoked", "rotated", "recover", "cancel",
            "expire", "fail");

    private final Jobs jobs;
    private final Runners runners;
    private final Levers levers;
    private final JobPages pages;
    private final SimulatorContext context;
    private final String token;

    @FunctionalInterface
    private interface Endpoint {
        Answer answer(Call call);
    }

    Operator(SimulatorContext context, Jobs jobs, Runners runners, Levers levers) {
        this.context = context;
        this.jobs = jobs;
        this.runners = runners;
        this.levers = levers;
        pages = new JobPages(context.store(), jobs);
        token = context.tokens().hexFamily(OWNER, 1).getFirst();
    }

    String token() {
        return token;
    }

    List<Route> routes() {
        return List.of(route("POST", "/_sim/levers", this::pull), route("GET", "/_sim/jobs", call -> pages.newest()),
                route("POST", "/api/v1/jobs/{job}/cancel", this::cancel));
    }

    private Route route(String method, String path, Endpoint endpoint) {
        return Route.of(method, path, CallKind.OTHER, call -> Mono.fromSupplier(() -> {
            if (!token.equals(Authorization.bearer(call.header("authorization")))) {
                return GoJson.error(401, "the owner's token is required");
            }
            try {
                synchronized (jobs) {
                    return endpoint.answer(call);
                }
            } catch (RefusedException e) {
                return e.answer();
            }
        }));
    }

    private Answer cancel(Call call) {
        Job job = jobs.find(Numbers.positive(call.param("job")));
        if (job == null) {
            throw GoJson.refusal(404, "job not found");
        }
        boolean changed = jobs.cancel(job.id);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("changed_jobs", changed ? List.of(job.id) : List.of());
        answer.put("run_completed", job.run.conclusion != null);
        return GoJson.answer(202, answer);
    }

    private Answer pull(Call call) {
        Fields body = Fields.of(call.body(), KEYS);
        long generation = number(body, "generation", 1, Levers.NEWEST_GENERATION, levers.generation);
        long tokenSeconds = number(body, "token_seconds", 1, Levers.TOKEN_SECONDS, levers.tokenSeconds);
        long rateLimit = number(body, "rate_limit", 0, MOST_FAILURES, levers.rateLimit);
        List<Runner> whom = whom(body.text("runner"));
        fail(body.node().path("fail"));
        levers.generation = (int) generation;
        levers.tokenSeconds = (int) tokenSeconds;
        levers.rateLimit = (int) rateLimit;
        levers.configured = truth(body, "configured", levers.configured);
        levers.objectStore = truth(body, "object_store", levers.objectStore);
        levers.uniqueArtifacts = truth(body, "unique_artifacts", levers.uniqueArtifacts);
        levers.paused = truth(body, "paused", levers.paused);
        whom.forEach(runner -> change(runner, body));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("cancelled", jobs.cancel(body.whole("cancel", 0, Long.MAX_VALUE)));
        answer.put("expired", jobs.expire(body.whole("expire", 0, Long.MAX_VALUE)));
        answer.put("recovered", Boolean.TRUE.equals(body.truth("recover")) ? recover(whom) : 0);
        return GoJson.answer(200, answer);
    }

    private void change(Runner runner, Fields body) {
        runner.draining = truth(body, "draining", runner.draining);
        runner.rotated = truth(body, "rotated", runner.rotated);
        runner.revoked = truth(body, "revoked", runner.revoked);
        if (runner.revoked) {
            // it could not go on if it wanted to
            runner.running.forEach(job -> context.ledger().excuse(job.key(), job.lease));
        }
    }

    /** Ends what runs there, as an operator does with what nobody looks after any more. */
    private int recover(List<Runner> whom) {
        List<Job> left = whom.stream().flatMap(runner -> runner.running.stream()).toList();
        left.forEach(job -> jobs.closeByServer(job, JobEnd.STOLEN));
        return left.size();
    }

    private List<Runner> whom(String holder) {
        if (holder.isEmpty()) {
            return List.copyOf(runners.all());
        }
        List<Runner> named = runners.all().stream().filter(runner -> runner.holder.equals(holder)).toList();
        if (named.isEmpty()) {
            throw GoJson.refusal(404, "there is no such runner");
        }
        return named;
    }

    /** {@code {"consumed-500@logs": 2}}: a knob, of which calls, and how many of them. */
    private void fail(JsonNode failures) {
        for (Map.Entry<String, JsonNode> entry : failures.properties()) {
            String[] parts = entry.getKey().split("@", 2);
            String of = parts.length == 1 ? "" : parts[1];
            Knob knob = Knob.labelled(parts[0]).orElse(null);
            boolean known = of.isEmpty() || of.equals(HEARTBEAT) || JobCall.labelled(of).isPresent();
            int times = entry.getValue().asInt(-1);
            if (knob == null || !known || times < 0 || times > MOST_FAILURES) {
                throw GoJson.refusal(400, "fail maps a failure, perhaps with @ and a call, to how often it happens");
            }
            levers.fail(knob, of, times);
        }
    }

    private static long number(Fields body, String key, long min, long max, long otherwise) {
        return body.has(key) ? body.whole(key, min, max) : otherwise;
    }

    private static boolean truth(Fields body, String key, boolean otherwise) {
        return Objects.requireNonNullElse(body.truth(key), otherwise);
    }
}
