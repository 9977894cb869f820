package dev.coxswain.supervisor.controlplane.xenonflare;

import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.deliverable.JsText;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.UnusableJobException;
import dev.coxswain.supervisor.http.JsonAnswer;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** {@code getWorkspaceRunnerContext} and {@code updateWorkspaceRunnerSummary} (contract xenonflare-workspace 3 and 4). */
final class WorkspaceBriefing {
    private static final Logger LOG = LoggerFactory.getLogger(WorkspaceBriefing.class);
    private static final Duration CONTEXT_TIMEOUT = Duration.ofMinutes(2);
    private static final int MOST_SUMMARY = 39_800;
    private static final String CUT_NOTE = "\n\n[The summary was longer; the rest is left out.]";

    private WorkspaceBriefing() {}

    /** A context, and the text that it came as. */
    record Told(String delivered, WorkspaceContext context) {}

    /** Asks for the context; fails with an {@link UnusableJobException} when it does not fit. */
    static Mono<Told> ask(Calls calls, Credential credential, Handle handle, String jobKey) {
        Transport transport = calls.calls().within(CONTEXT_TIMEOUT);
        JsonNode body = calls.mapper().createObjectNode().put(calls.dialect().idField(), handle.id());
        return transport.post(WorkspaceOperation.CONTEXT, credential, body)
                .map(answer -> told(transport, credential, handle, jobKey, answer));
    }

    private static Told told(Transport transport, Credential credential, Handle handle, String jobKey,
            JsonAnswer answer) {
        refuse(transport, WorkspaceOperation.CONTEXT, "asking for the context", credential, answer);
        JsonNode body = transport.object(WorkspaceOperation.CONTEXT, answer);
        try {
            WorkspaceContext context = WorkspaceContext.read(body);
            if (!body.path("workspaceId").stringValue().equals(handle.id())) {
                throw new WorkspaceContext.Misfit("workspaceId is another workspace's");
            }
            return new Told(answer.text(), context);
        } catch (WorkspaceContext.Misfit e) {
            LOG.warn("the context does not fit, the job is reported as failed: job={} {}", jobKey, e.getMessage());
            throw new UnusableJobException(WorkspaceContext.INVALID);
        }
    }

    /** Sends a summary, cut with a note when it is too long; what a 2xx answers does not matter. */
    static Mono<Void> keep(Calls calls, Credential credential, Handle handle, WorkspaceContext.Span span,
            String text) {
        String whole = JsText.whole(text);
        String summary = whole.length() <= MOST_SUMMARY ? whole : JsText.cut(whole, MOST_SUMMARY) + CUT_NOTE;
        JsonNode body = calls.mapper().createObjectNode().put(calls.dialect().idField(), handle.id())
                .put("summaryText", summary).put("fromMessageId", span.fromMessageId())
                .put("throughMessageId", span.throughMessageId());
        Transport transport = calls.calls();
        return transport.post(WorkspaceOperation.SUMMARY, credential, body).flatMap(answer -> {
            refuse(transport, WorkspaceOperation.SUMMARY, "keeping the summary", credential, answer);
            return Mono.empty();
        });
    }

    private static void refuse(Transport transport, WorkspaceOperation operation, String doing, Credential credential,
            JsonAnswer answer) {
        if (transport.isGone(operation, answer)) {
            throw new ControlPlaneException.LeaseLost(
                    doing + ": HTTP " + answer.status() + transport.errorText(answer, credential));
        }
        if (!answer.is2xx()) {
            throw transport.error(operation, answer, credential);
        }
    }
}
