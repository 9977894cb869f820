package dev.coxswain.supervisor.coderunner;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.JsonNode;

/** Calls of functions by HTTP: the request waits for a slot, then for the result (contract section 9). */
final class FunctionCalls {
    /** So much longer than the function may run: its own end is the better answer. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Executions executions;
    private final CoderunnerLimits limits;
    private final Scheduler timer;

    FunctionCalls(Executions executions, CoderunnerLimits limits, Scheduler timer) {
        this.executions = executions;
        this.limits = limits;
        this.timer = timer;
    }

    /**
     * Emits the function's answer. Cancelling takes an execution back that has not begun.
     *
     * @param path what follows the id
     * @param headers what the function may see
     */
    Mono<Reply> answer(HttpServerRequest request, QueryStringDecoder uri, String path, HttpHeaders headers,
            Runnables.Found found) {
        return Bodies.read(request, limits.payloadBytes()).flatMap(body -> {
            JsonNode run = request.method().equals(HttpMethod.POST) ? runForm(body) : null;
            String payload = run != null
                    ? run.toString()
                    : PlainForm.payload(request.method(), path, uri, headers, body);
            return Mono.usingWhen(Mono.fromSupplier(Ids::next),
                    id -> executions.submit(submission(id, found, payload, run == null))
                            .flatMap(ticket -> run != null
                                    ? ended(ticket).map(end -> answer(id, end, true))
                                    : plain(ticket)),
                    id -> Mono.empty(), (id, e) -> Mono.empty(), this::takeBack);
        });
    }

    /** The payload of a body that is an object with this one key; null for any other body. */
    private static @Nullable JsonNode runForm(byte[] body) {
        try {
            JsonNode document = Fields.document(body);
            if (document == null || !document.isObject() || document.size() != 1) {
                return null;
            }
            Map.Entry<String, JsonNode> only = document.properties().iterator().next();
            return only.getKey().equalsIgnoreCase("payload") ? only.getValue() : null;
        } catch (Refusal notJson) {
            return null;
        }
    }

    /** The answer when it is all there, or when its first piece is. */
    private Mono<Reply> plain(Ticket ticket) {
        Mono<Reply> streamed = ticket.result().begun()
                .map(head -> streaming(ticket.id(), head, ticket.result())).switchIfEmpty(Mono.never());
        return Mono.firstWithSignal(streamed, ended(ticket).map(end -> answer(ticket.id(), end, false)));
    }

    private static Reply streaming(UUID id, String head, ResultStream result) {
        try {
            return new Marked(PlainForm.streamed(head, result.bytes()), id);
        } catch (IllegalArgumentException e) {
            result.leave();
            return unusable(id, e, ExecutionStatus.PROCESSING);
        }
    }

    private Submission submission(UUID id, Runnables.Found found, String payload, boolean streams) {
        return new Submission(id, found.deployment(), found.definition(), found.version(), found.size(), Trigger.HTTP,
                Submission.Kind.FUNCTION, limits.functionTimeout(), null, payload, streams,
                null);
    }

    private Mono<ExecutionEnd> ended(Ticket ticket) {
        Duration limit = limits.functionTimeout();
        return ticket.started().timeout(limit, Mono.defer(() -> noSlot(ticket.id())), timer)
                .then(ticket.end().timeout(limit.plus(GRACE), Mono.defer(() -> late(ticket.id())), timer));
    }

    private Mono<Void> noSlot(UUID id) {
        return executions.stop(id, ExecutionEnd.cancelled("NoSlot", "no slot was free in time"))
                .then(Mono.error(Refusal.unavailable("no slot was free within "
                        + limits.functionTimeout().toSeconds() + " s", 1)));
    }

    private Mono<ExecutionEnd> late(UUID id) {
        ExecutionEnd end = ExecutionEnd.failed(ExecutionEnd.TIMEOUT,
                "the function did not end within " + limits.functionTimeout().toMillis() + " ms");
        return executions.stop(id, end).thenReturn(end);
    }

    /** Nobody waits for it any more; what runs is let run. */
    private Mono<Void> takeBack(UUID id) {
        return executions.leave(id,
                ExecutionEnd.cancelled(ExecutionEnd.CANCELLED, "the caller went away")).then();
    }

    private static Reply answer(UUID id, ExecutionEnd end, boolean isRun) {
        if (end.status() != ExecutionStatus.COMPLETED) {
            return marked(id, JsonReply.failed(status(end), String.valueOf(end.reason()),
                    String.valueOf(end.message()), Views.ended(id, end)));
        }
        if (isRun) {
            return marked(id, JsonReply.done("Execution completed", Views.ended(id, end)));
        }
        try {
            return new Marked(PlainForm.answer(end.result()), id);
        } catch (IllegalArgumentException e) {
            return unusable(id, e, end.status());
        }
    }

    private static Reply unusable(UUID id, IllegalArgumentException why, ExecutionStatus status) {
        return marked(id, JsonReply.failed(500, "HandlerError",
                "the handler's result can't be sent: " + why.getMessage(), Views.begun(id, status)));
    }

    private static int status(ExecutionEnd end) {
        return switch (String.valueOf(end.reason())) {
            case ExecutionEnd.TIMEOUT -> 504;
            case ExecutionEnd.RUNNER_LOST -> 502;
            default -> 500;
        };
    }

    private static Reply marked(UUID id, Reply reply) {
        return new Marked(reply, id);
    }

    /** An answer with the id of its execution. */
    private record Marked(Reply reply, UUID id) implements Reply {
        @Override
        public int status() {
            return reply.status();
        }

        @Override
        public Publisher<Void> send(HttpServerResponse response) {
            return reply.send(response.header(FunctionRoutes.EXECUTION_HEADER, id.toString()));
        }
    }
}
