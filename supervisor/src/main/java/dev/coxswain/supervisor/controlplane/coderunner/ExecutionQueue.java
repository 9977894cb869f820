package dev.coxswain.supervisor.controlplane.coderunner;

import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.supervisor.controlplane.Outcome;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What the adapter needs of the Coderunner server: the executions that wait, and what becomes of them. In process; nothing
 * here blocks, and everything may be called from any thread.
 */
public interface ExecutionQueue {
    /** Hands the oldest waiting execution to this runner, once; null when none waits. */
    @Nullable
    ExecutionOrder take(String runner);

    /**
     * So many executions have come and wait for runners. Hot; begins with what waits already; never ends. A signal for which
     * a subscriber has no room is lost: the runners' own polls find what it told.
     */
    Flux<Integer> arrivals();

    /** Notes that it runs from now on; false when it is over already. Repeating is harmless. */
    Mono<Boolean> begin(UUID id);

    /** Notes that its runner lives; tells what is wanted of it. */
    Wish beat(UUID id);

    /** Keeps these lines of its log; none of them means that no more will come. */
    Mono<Void> log(UUID id, List<LogLine> lines);

    /** Hands a piece of its result to whoever called; completes when that caller has it, or has left, or takes too long. */
    Mono<Void> streamed(UUID id, ExecutionEvent.Streamed piece);

    /**
     * Stores its one end, durably, before it completes; false when it had ended before.
     *
     * @param former whether its runner held it in a former life of this process
     */
    Mono<Boolean> settle(UUID id, Outcome outcome, boolean former);
}
