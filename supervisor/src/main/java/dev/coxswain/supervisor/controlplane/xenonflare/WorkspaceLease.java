package dev.coxswain.supervisor.controlplane.xenonflare;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.Job;
import dev.coxswain.executors.deliverable.Answer;
import dev.coxswain.executors.deliverable.InvalidDeliverableException;
import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ArtifactRequest;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.InvalidResultException;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.SettleReply;
import dev.coxswain.supervisor.controlplane.SignedUpload;
import dev.coxswain.supervisor.controlplane.UnusableJobException;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** A leased workspace. Its deliverables go with the final report, so nothing is uploaded. */
final class WorkspaceLease extends XenonflareLease {
    private final @Nullable String misfit;
    /** What a summary would stand for; set by the briefing. */
    private final AtomicReference<WorkspaceContext.@Nullable Span> prior = new AtomicReference<>();

    /**
     * Makes a lease.
     *
     * @param misfit what is wrong with the lease answer, so that the job can only be failed; null when it fits
     */
    WorkspaceLease(LeaseParts parts, @Nullable String misfit) {
        super(parts);
        this.misfit = misfit;
    }

    @Override
    public Mono<Job> brief() {
        if (misfit != null) {
            return Mono.error(() -> new UnusableJobException(misfit));
        }
        return WorkspaceBriefing.ask(parts()).map(told -> {
            prior.set(told.context().prior());
            return job().with(told.context().briefing(told.delivered()));
        });
    }

    @Override
    public Mono<Void> keepSummary(String text) {
        return Mono.defer(() -> {
            WorkspaceContext.Span span = prior.get();
            return span == null
                    ? Mono.error(new IllegalStateException("no summary was asked for"))
                    : WorkspaceBriefing.keep(parts(), span, text);
        });
    }

    @Override
    public Mono<List<SignedUpload>> sign(List<Artifact> artifacts) {
        return artifacts.isEmpty()
                ? Mono.just(List.of())
                : Mono.error(() -> new ControlPlaneException.Rejected("a workspace takes no uploads"));
    }

    @Override
    public List<ArtifactRequest> plan(String document) throws InvalidResultException {
        answer(document);
        return List.of();
    }

    @Override
    public Outcome.Complete compose(String document, Map<String, String> references) throws InvalidResultException {
        ObjectNode body = calls().exact().createObjectNode().put(calls().dialect().idField(), parts().handle().id());
        body.setAll(answer(document).toBody());
        return new Outcome.Complete(calls().exact().writeValueAsString(body));
    }

    /** What a user is told of a refused report begins with the function's name (contract xenonflare-workspace 8). */
    @Override
    public Mono<SettleReply> settle(Outcome outcome) {
        String function = calls().dialect().settling(outcome).path().substring(1);
        return super.settle(outcome).map(reply -> switch (reply) {
            case SettleReply.Acknowledged() -> reply;
            case SettleReply.Gone(var reason) -> new SettleReply.Gone(function + ": " + reason);
            case SettleReply.Refused(var reason) -> new SettleReply.Refused(function + ": " + reason);
        });
    }

    private Answer answer(String document) throws InvalidResultException {
        try {
            return Answer.read(calls().exact(), document);
        } catch (InvalidDeliverableException e) {
            throw new InvalidResultException(String.valueOf(e.getMessage()));
        }
    }
}
