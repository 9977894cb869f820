package dev.coxswain.supervisor.coderunner;

import java.util.UUID;

import reactor.core.publisher.Mono;

/**
 * An execution on its way.
 *
 * @param started completes when it runs, or has ended without
 * @param result how its result comes, when it comes in pieces
 * @param end emits how it ended; nothing for one that ended before and is only repeated
 */
record Ticket(UUID id, ExecutionStatus status, Mono<Void> started, ResultStream result,
        Mono<ExecutionEnd> end) {}
