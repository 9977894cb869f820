package dev.coxswain.supervisor.coderunner;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Endpoints of logs (contract section 10). */
final class LogRoutes {
    private static final int DEFAULT_TAIL = 1_000;
    private static final int MOST_TAIL = 10_000;
    /** Newest executions of a deployment whose logs are looked at. */
    private static final int EXECUTIONS = 200;
    /** What an answer may hold before another execution is looked at: lines may be long. */
    private static final long MOST_CHARACTERS = 8L << 20;

    private final Store store;
    private final LogFolder logs;

    LogRoutes(Store store, LogFolder logs) {
        this.store = store;
        this.logs = logs;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/api/execution/{executionId}/logs", "Shows the last lines that an execution wrote",
                        "LogLine[]", List.of("tail"), this::ofExecution),
                Route.get("/api/deployment/{deploymentId}/logs",
                        "Shows the last lines that a deployment's executions wrote", "LogLine[]", List.of("tail"),
                        this::ofDeployment));
    }

    private static int tail(Call call) {
        return call.number("tail", DEFAULT_TAIL, 1, MOST_TAIL);
    }

    private Mono<Reply> ofExecution(Call call) {
        UUID id = call.id();
        int tail = tail(call);
        return store.read(sql -> ExecutionRows.get(sql, call.tenant(), id))
                .flatMap(found -> logs.tail(found.definitionId(), id, tail))
                .map(lines -> JsonReply.done("Log", Views.list(lines.stream().map(Views::logLine).toList())));
    }

    private Mono<Reply> ofDeployment(Call call) {
        UUID id = call.id();
        int tail = tail(call);
        return store.read(sql -> {
            DeploymentRows.get(sql, call.tenant(), id);
            return ExecutionRows.newest(sql, id, EXECUTIONS);
        }).flatMap(newest -> Flux.fromIterable(newest)
                .concatMap(execution -> logs.tail(execution.getKey(), execution.getValue(), tail), 1)
                .takeUntil(new Enough(tail)).collectList()).map(parts -> JsonReply.done("Log", merged(parts, tail)));
    }

    /** Executions may overlap: by time, and each in its own order. */
    private static JsonNode merged(List<List<JsonNode>> parts, int tail) {
        List<JsonNode> lines = parts.reversed().stream().flatMap(List::stream)
                .map(Views::logLine).sorted(Comparator.comparing(line -> Instant.parse(line.path("time").asString())))
                .toList();
        return Views.list(lines.subList(Math.max(0, lines.size() - tail), lines.size()));
    }

    /** Says when there are lines enough, or as much text as one answer may hold. */
    private static final class Enough implements Predicate<List<JsonNode>> {
        private final int wanted;
        private int lines;
        private long characters;

        Enough(int wanted) {
            this.wanted = wanted;
        }

        @Override
        public boolean test(List<JsonNode> more) {
            lines += more.size();
            more.forEach(line -> characters += line.path("text").asString("").length());
            return lines >= wanted || characters >= MOST_CHARACTERS;
        }
    }
}
