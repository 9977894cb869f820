package dev.coxswain.supervisor.controlplane.shithub;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.SettleReply;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/**
 * The end of one job (contract shithub-actions 8, 12, 16.10): first the end of every step that was never told, since
 * {@code completed} leaves them open for ever (trap 23), then the job's own. A cancelled job takes its steps with it, and
 * {@code cancelled} is taken even when the control plane has cancelled it before (trap 24).
 */
final class Ending {
    private final Calls calls;
    private final TokenChain chain;
    private final long job;
    private final Steps steps;
    private final LogFeed feed;

    Ending(Calls calls, TokenChain chain, long job, Steps steps, LogFeed feed) {
        this.calls = calls;
        this.chain = chain;
        this.job = job;
        this.steps = steps;
        this.feed = feed;
    }

    /**
     * One attempt; another one goes on where it stopped. A report that an earlier attempt sent, and whose answer came when
     * nobody waited for it any more, counts.
     */
    Mono<SettleReply> settle(Outcome outcome) {
        return Mono.defer(() -> chain.state() instanceof ChainState.Ended
                ? Mono.<SettleReply>just(new SettleReply.Acknowledged())
                : reportSteps(outcome)
                        .then(chain.call(calls.job(Operation.COMPLETE, job, "/status", () -> body(outcome))))
                        .<SettleReply>map(taken -> new SettleReply.Acknowledged()))
                .onErrorResume(ControlPlaneException.LeaseLost.class, lost -> Mono.just(over(lost)));
    }

    private SettleReply over(ControlPlaneException.LeaseLost lost) {
        return chain.state() instanceof ChainState.Ended
                ? new SettleReply.Acknowledged()
                : new SettleReply.Gone(String.valueOf(lost.getMessage()));
    }

    private Mono<Void> reportSteps(Outcome outcome) {
        String cut = switch (outcome) {
            case Outcome.Complete complete -> "success";
            case Outcome.Fail(var cause, var message) -> switch (cause) {
                case FAILURE -> "failure";
                case TIMEOUT -> "timed_out";
                case CANCELLED -> "";
            };
        };
        return cut.isEmpty()
                ? Mono.empty()
                : Flux.fromIterable(steps.open(cut, calls.clock().now()))
                        .concatMap(open -> feed.tell(open.id(), open.report()), 1).then();
    }

    /** There is no place for words: why a job failed is in its log. */
    ObjectNode body(Outcome outcome) {
        ObjectNode body = calls.object();
        return switch (outcome) {
            case Outcome.Complete complete -> body.put("status", "completed").put("conclusion", "success");
            case Outcome.Fail(var cause, var message) -> switch (cause) {
                case FAILURE -> body.put("status", "completed").put("conclusion", "failure");
                case TIMEOUT -> body.put("status", "completed").put("conclusion", "timed_out");
                case CANCELLED -> body.put("status", "cancelled").put("conclusion", "cancelled");
            };
        };
    }
}
