package dev.coxswain.supervisor.controlplane.xenonflare;

import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.http.JsonAnswer;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * {@code heartbeatRunnerJob} and {@code heartbeatWorkspaceJob} (contracts xenonflare-studio 2, xenonflare-workspace 2): 409,
 * 404 and 410 mean that the lease is gone. A wish to
 * cancel is not documented; the likely spellings of one are understood, as our choice.
 */
final class Heartbeating {
    private static final List<String> CANCEL_FLAGS = List.of("cancel", "canceled", "cancelled", "cancelRequested");
    private static final Set<String> CANCEL_STATES = Set.of("cancel", "canceled", "cancelled", "canceling",
            "cancelling");
    private static final int MOST_REASON = 200;

    private Heartbeating() {}

    static Mono<HeartbeatReply> beat(LeaseParts lease) {
        Calls calls = lease.calls();
        JsonNode body = calls.mapper().createObjectNode().put(calls.dialect().idField(), lease.handle().id());
        return calls.heartbeats().post(calls.dialect().heartbeat(), lease.credential(), body)
                .map(answer -> reply(calls, lease.credential(), lease.handle(), answer));
    }

    private static HeartbeatReply reply(Calls calls, Credential credential, Handle handle, JsonAnswer answer) {
        Transport transport = calls.heartbeats();
        Operation heartbeat = calls.dialect().heartbeat();
        if (transport.isGone(heartbeat, answer)) {
            return new HeartbeatReply.Lost("HTTP " + answer.status() + transport.errorText(answer, credential));
        }
        if (!answer.is2xx()) {
            throw transport.error(heartbeat, answer, credential);
        }
        JsonNode body = transport.object(heartbeat, answer);
        LeaseTerm same = new LeaseTerm(answer.sentAtNanos(),
                handle.length().isZero() ? Terms.USUAL : handle.length(), handle.coarse());
        LeaseTerm term = Terms.read(body, answer, calls.clock(), same);
        String reason = cancelReason(body, credential);
        return reason == null ? new HeartbeatReply.Renewed(term) : new HeartbeatReply.CancelRequested(term, reason);
    }

    private static @Nullable String cancelReason(JsonNode body, Credential credential) {
        boolean flagged = CANCEL_FLAGS.stream().anyMatch(flag -> LeaseAnswer.isTrue(body.path(flag)));
        JsonNode status = body.path("status");
        if (!flagged && !(status.isString()
                && CANCEL_STATES.contains(status.stringValue().strip().toLowerCase(Locale.ROOT)))) {
            return null;
        }
        JsonNode reason = body.path("reason");
        String text = reason.isString() ? OneLine.of(reason.stringValue(), credential, MOST_REASON) : "";
        return text.isEmpty() ? "the control plane asks to cancel" : text;
    }
}
