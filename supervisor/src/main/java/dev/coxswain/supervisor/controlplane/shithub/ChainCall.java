package dev.coxswain.supervisor.controlplane.shithub;

import java.util.function.Function;

import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.http.JsonAnswer;
import reactor.core.publisher.Mono;

/**
 * One call of a job, still without a token.
 *
 * @param isTerminal whether its success ends the job, so that no token follows (trap 21)
 * @param send makes the request; it ends by itself, since nobody cancels it
 */
record ChainCall(Operation operation, boolean isTerminal, Function<Secret, Mono<JsonAnswer>> send) {}
