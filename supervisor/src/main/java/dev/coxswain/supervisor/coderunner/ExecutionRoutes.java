package dev.coxswain.supervisor.coderunner;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;

/** Endpoints of executions, runs among them (contract section 9). */
final class ExecutionRoutes {
    private static final int LONGEST_KEY = 200;
    private static final int LONGEST_WAIT_SECONDS = 60;

    private final Store store;
    private final Executions executions;
    private final CoderunnerLimits limits;
    private final Scheduler timer;

    ExecutionRoutes(Store store, Executions executions, CoderunnerLimits limits, Scheduler timer) {
        this.store = store;
        this.executions = executions;
        this.limits = limits;
        this.timer = timer;
    }

    List<Route> routes() {
        return List.of(
                Route.post("/api/execution/run/onetime/{id}", "Runs a deployment, definition or version once", "Run",
                        "Begun", List.of("wait"), this::run),
                Route.get("/api/execution/deployment", "Lists a deployment's executions, newest first", "Execution[]",
                        List.of("DeploymentId!", "page", "pageSize"), this::list),
                Route.get("/api/execution/{executionId}", "Shows an execution", "Execution", List.of(), this::get),
                Route.post("/api/execution/{executionId}/cancel", "Cancels an execution", "", "Begun", List.of(),
                        this::cancel));
    }

    private Mono<Reply> run(Call call) {
        UUID id = call.id();
        int wait = call.number("wait", 0, 0, LONGEST_WAIT_SECONDS);
        Submission.Repeat repeat = repeat(call, id);
        // the id first: whoever asks for what is not there need not send a large payload
        return store.read(sql -> Runnables.find(sql, call.tenant(), id))
                .flatMap(found -> call.document(limits.payloadBytes())
                        .flatMap(body -> executions.submit(submission(found, payload(body.orElse(null)), repeat))))
                .flatMap(ticket -> answer(ticket, Duration.ofSeconds(wait)));
    }

    private static Submission.@Nullable Repeat repeat(Call call, UUID target) {
        String key = call.request().requestHeaders().get("Idempotency-Key");
        if (key == null) {
            return null;
        }
        if (key.isBlank() || key.length() > LONGEST_KEY) {
            throw Refusal.invalid("the header Idempotency-Key must have 1 to " + LONGEST_KEY + " characters");
        }
        return new Submission.Repeat(target, key);
    }

    private static String payload(@Nullable JsonNode body) {
        if (body == null) {
            return "null";
        }
        JsonNode payload = Fields.of(body).get("payload");
        return payload == null ? "null" : payload.toString();
    }

    private Submission submission(Runnables.Found found, String payload, Submission.@Nullable Repeat repeat) {
        boolean isFunction = found.definition().type() == DeploymentType.FUNCTION;
        return new Submission(Ids.next(), found.deployment(), found.definition(), found.version(), found.size(),
                Trigger.MANUAL,
                isFunction ? Submission.Kind.FUNCTION : Submission.Kind.JOB,
                isFunction ? limits.functionTimeout() : limits.jobTimeout(), null, payload, false, repeat);
    }

    private Mono<Reply> answer(Ticket ticket, Duration wait) {
        Mono<Reply> now = Mono.fromSupplier(
                () -> JsonReply.done("Execution started", Views.begun(ticket.id(), ticket.status())));
        if (wait.isZero()) {
            return now;
        }
        return ticket.end().map(end -> true).timeout(wait, Mono.just(false), timer)
                .then(store.read(sql -> ExecutionRows.any(sql, ticket.id())))
                .<Reply>map(row -> JsonReply.done("Execution " + row.status().label().toLowerCase(Locale.ROOT),
                        Views.execution(row)))
                .switchIfEmpty(now);
    }

    private Mono<Reply> list(Call call) {
        UUID deployment = call.queryId("DeploymentId");
        Page page = call.page();
        return store.read(sql -> {
            DeploymentRows.get(sql, call.tenant(), deployment);
            return ExecutionRows.ofDeployment(sql, deployment, page);
        }).map(found -> JsonReply.done("Executions", Views.list(found.stream().map(Views::execution).toList())));
    }

    private Mono<Reply> get(Call call) {
        UUID id = call.id();
        return store.read(sql -> ExecutionRows.get(sql, call.tenant(), id))
                .map(found -> JsonReply.done("Execution", Views.execution(found)));
    }

    private Mono<Reply> cancel(Call call) {
        UUID id = call.id();
        return store.read(sql -> ExecutionRows.get(sql, call.tenant(), id)).flatMap(found -> executions.stop(id,
                ExecutionEnd.cancelled(ExecutionEnd.CANCELLED, "cancelled by a call of " + call.known().user())))
                .flatMap(asked -> asked
                        ? store.read(sql -> ExecutionRows.get(sql, call.tenant(), id))
                        : Mono.error(Refusal.conflict("the execution has ended")))
                .map(row -> JsonReply.done("Execution cancelled", Views.begun(id, row.status())));
    }
}
