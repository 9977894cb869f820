package dev.coxswain.supervisor.controlplane.oore;

import java.util.Set;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.SettleReply;
import dev.coxswain.supervisor.http.JsonAnswer;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/**
 * The states of one build (contract oore-ci 6): {@code running} first and once, then {@code succeeded} or {@code failed} once.
 * None of the three may be repeated, so after a lost answer the daemon is asked what became of it.
 */
final class Status {
    private static final Set<String> OPEN = Set.of("assigned", "running");
    private static final int MOST_MESSAGE = 2_000;

    private final Calls calls;
    private final Credential credential;
    private final String path;
    private final LeaseTerm claimed;
    private volatile boolean running;

    Status(Calls calls, Credential credential, String path, LeaseTerm claimed) {
        this.calls = calls;
        this.credential = credential;
        this.path = path;
        this.claimed = claimed;
    }

    /** Makes the build running; emits the term from then on. One that is running already was made so by us. */
    Mono<LeaseTerm> running() {
        return post(Operation.RUNNING, calls.mapper().createObjectNode().put("status", "running").toString())
                .flatMap(answer -> answer.is2xx()
                        ? Mono.just("running")
                        : answer.status() == 409
                                ? ask(calls.calls())
                                : Mono.error(calls.calls().jobError(Operation.RUNNING, answer, credential)))
                .map(state -> switch (state) {
                    case "running" -> {
                        running = true;
                        yield LeaseTerm.endless(calls.clock().nanos());
                    }
                    // a transition that raced with ours; the next try finds out
                    case "assigned" -> throw new ControlPlaneException.Unavailable(
                            "running was refused, and the build is still assigned", null, null);
                    default -> throw new ControlPlaneException.LeaseLost("the build is " + state);
                });
    }

    /** Whether the build is still ours (section 12, "Cancellation"). */
    Mono<HeartbeatReply> authority() {
        return ask(calls.heartbeats()).<HeartbeatReply>map(state -> {
            if (!OPEN.contains(state)) {
                return new HeartbeatReply.Lost("the build is " + state);
            }
            running |= state.equals("running");
            // without a term of our own (a former life) the daemon's word is all there is
            boolean endless = running || claimed.length().isZero();
            return new HeartbeatReply.Renewed(endless ? LeaseTerm.endless(calls.clock().nanos()) : claimed);
        }).onErrorResume(ControlPlaneException.LeaseLost.class,
                lost -> Mono.just(new HeartbeatReply.Lost(String.valueOf(lost.getMessage()))));
    }

    private Mono<String> ask(Transport transport) {
        return transport.get(Operation.HEARTBEAT, credential, path).map(answer -> {
            if (!answer.is2xx()) {
                throw transport.jobError(Operation.HEARTBEAT, answer, credential);
            }
            String state = transport.object(Operation.HEARTBEAT, answer).path("status").asString("");
            if (!state.matches("[a-z_]{1,32}")) {
                throw transport.garbled(Operation.HEARTBEAT, answer, "status is missing or unusable");
            }
            return state;
        });
    }

    /**
     * The one end; a build that is not running yet is made so first, since nothing else leads to an end (trap 3). Whether it
     * runs is asked when we don't know: after a restart, and when no answer to our own word came.
     */
    Mono<SettleReply> settle(Outcome outcome, Steps steps) {
        Mono<SettleReply> report = Mono.defer(() -> report(outcome, steps));
        return Mono.defer(() -> running ? report : ask(calls.calls()).flatMap(state -> switch (state) {
            case "running" -> report;
            case "assigned" -> running().then(report);
            default -> Mono.<SettleReply>just(new SettleReply.Gone("the build is " + state));
        }))
                .onErrorResume(ControlPlaneException.LeaseLost.class,
                        lost -> Mono.just(new SettleReply.Gone(String.valueOf(lost.getMessage()))));
    }

    private Mono<SettleReply> report(Outcome outcome, Steps steps) {
        return switch (outcome) {
            case Outcome.Complete complete -> post(Operation.COMPLETE, complete.body())
                    .map(answer -> reply(Operation.COMPLETE, answer));
            case Outcome.Fail fail -> post(Operation.FAIL, body(fail, steps))
                    .map(answer -> reply(Operation.FAIL, answer));
        };
    }

    private SettleReply reply(Operation operation, JsonAnswer answer) {
        if (answer.is2xx()) {
            return new SettleReply.Acknowledged();
        }
        if (answer.status() == 409) {
            return new SettleReply.Gone(calls.calls().words(answer, credential));
        }
        ControlPlaneException error = calls.calls().jobError(operation, answer, credential);
        if (error instanceof ControlPlaneException.Rejected) {
            return new SettleReply.Refused(calls.calls().words(answer, credential));
        }
        throw error;
    }

    /** The terminal report: 0 or 1 as the exit code, and all steps. */
    String body(Outcome outcome, Steps steps) {
        ObjectNode body = calls.mapper().createObjectNode();
        switch (outcome) {
            case Outcome.Complete complete -> body.put("status", "succeeded").put("exit_code", 0);
            case Outcome.Fail(var cause, var message) -> body.put("status", "failed").put("exit_code", 1)
                    .put("error_message", message(cause, message));
        }
        steps.write(body.putArray("steps"), calls.clock().now());
        return body.toString();
    }

    private String message(Outcome.Cause cause, String message) {
        String prefix = switch (cause) {
            case FAILURE -> "";
            case CANCELLED -> "canceled: ";
            case TIMEOUT -> "timed out: ";
        };
        String told = message.replace(credential.token().reveal(), "***");
        return prefix + (told.length() <= MOST_MESSAGE
                ? told
                : told.substring(0, told.offsetByCodePoints(0, Math.min(MOST_MESSAGE,
                        told.codePointCount(0, told.length())))));
    }

    private Mono<JsonAnswer> post(Operation operation, String body) {
        return calls.calls().post(operation, credential, path + "/status", body);
    }
}
