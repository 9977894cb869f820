package dev.coxswain.supervisor.controlplane.xenonflare;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.deliverable.JsText;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.UnusableJobException;
import dev.coxswain.supervisor.http.JsonAnswer;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** {@code getWorkspaceRunnerContext} and {@code updateWorkspaceRunnerSummary} (contract xenonflare-workspace 3 and 4). */
final class WorkspaceBriefing {
    private static final Logger LOG = LoggerFactory.getLogger(WorkspaceBriefing.class);
    private static final int MOST_SUMMARY = 39_800;
    private static final String CUT_NOTE = "\n\n[The summary was longer; the rest is left out.]";

    private WorkspaceBriefing() {}

    /** A context, and the text that it came as. */
    record Told(String delivered, WorkspaceContext context) {}

    /** Asks for the context; fails with an {@link UnusableJobException} when it does not fit. */
    static Mono<Told> ask(LeaseParts lease) {
        Calls calls = lease.calls();
        JsonNode body = calls.mapper().createObjectNode().put(calls.dialect().idField(), lease.handle().id());
        return calls.calls().post(XenonflareWorkspace.CONTEXT, lease.credential(), body)
                .map(answer -> told(lease, answer));
    }

    private static Told told(LeaseParts lease, JsonAnswer answer) {
        refuse(lease, XenonflareWorkspace.CONTEXT, "asking for the context", answer);
        JsonNode body = lease.calls().calls().object(XenonflareWorkspace.CONTEXT, answer);
        try {
            WorkspaceContext context = WorkspaceContext.read(body);
            if (!body.path("workspaceId").stringValue().equals(lease.handle().id())) {
                throw new WorkspaceContext.Misfit("workspaceId is another workspace's");
            }
            return new Told(answer.text(), context);
        } catch (WorkspaceContext.Misfit e) {
            LOG.warn("the context does not fit, the job is reported as failed: job={} {}", lease.job().key(),
                    e.getMessage());
            throw new UnusableJobException(WorkspaceContext.INVALID);
        }
    }

    /** Sends a summary, cut with a note when it is too long; what a 2xx answers does not matter. */
    static Mono<Void> keep(LeaseParts lease, WorkspaceContext.Span span, String text) {
        Calls calls = lease.calls();
        String whole = JsText.whole(text);
        String summary = whole.length() <= MOST_SUMMARY ? whole : JsText.cut(whole, MOST_SUMMARY) + CUT_NOTE;
        JsonNode body = calls.mapper().createObjectNode().put(calls.dialect().idField(), lease.handle().id())
                .put("summaryText", summary).put("fromMessageId", span.fromMessageId())
                .put("throughMessageId", span.throughMessageId());
        return calls.calls().post(XenonflareWorkspace.SUMMARY, lease.credential(), body).flatMap(answer -> {
            refuse(lease, XenonflareWorkspace.SUMMARY, "keeping the summary", answer);
            return Mono.empty();
        });
    }

    private static void refuse(LeaseParts lease, Operation operation, String doing, JsonAnswer answer) {
        Transport transport = lease.calls().calls();
        if (transport.isGone(operation, answer)) {
            throw new ControlPlaneException.LeaseLost(
                    doing + ": HTTP " + answer.status() + transport.errorText(answer, lease.credential()));
        }
        if (!answer.is2xx()) {
            throw transport.error(operation, answer, lease.credential());
        }
    }
}
