package dev.coxswain.supervisor.controlplane.xenonflare;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.Job;
import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ArtifactRequest;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.InvalidResultException;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.SettleReply;
import dev.coxswain.supervisor.controlplane.SignedUpload;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/**
 * A leased short. On its calls 401 and 403 are {@code CredentialRefused}: the contract is silent, a key may be refused for
 * a moment while it is renewed, and so the runner keeps trying while the lease lasts.
 */
final class StudioLease implements Lease {
    private static final Logger LOG = LoggerFactory.getLogger(StudioLease.class);
    private static final Duration HEARTBEAT_CAP = Duration.ofMinutes(2);
    private static final int LARGE_BODY = 1_000_000;

    private final Calls calls;
    private final Credential credential;
    private final Job job;
    private final LeaseTerm term;
    private final Handle handle;
    private final boolean includeTts;

    StudioLease(Calls calls, Credential credential, Job job, LeaseTerm term, Handle handle,
            boolean includeTts) {
        this.calls = calls;
        this.credential = credential;
        this.job = job;
        this.term = term;
        this.handle = handle;
        this.includeTts = includeTts;
    }

    @Override
    public Job job() {
        return job;
    }

    @Override
    public LeaseTerm term() {
        return term;
    }

    @Override
    public String handle() {
        return handle.text(calls.mapper(), calls.dialect().idField());
    }

    @Override
    public Duration heartbeatCap() {
        return HEARTBEAT_CAP;
    }

    @Override
    public Mono<HeartbeatReply> heartbeat() {
        return Heartbeating.beat(calls, credential, handle);
    }

    @Override
    public Mono<List<SignedUpload>> sign(List<Artifact> artifacts) {
        return StudioSigning.sign(calls, credential, handle.id(), artifacts);
    }

    @Override
    public List<ArtifactRequest> plan(String document) throws InvalidResultException {
        return StudioResult.read(calls.exact(), document).uploads();
    }

    @Override
    public Outcome.Complete compose(String document, Map<String, String> references) throws InvalidResultException {
        StudioResult result = StudioResult.read(calls.exact(), document);
        ObjectNode body = result.body(handle.id(), references);
        if (includeTts && result.scenesWithoutAudio() > 0) {
            LOG.warn("{}: speech was asked for, but {} scenes have no audioUrl; completing nevertheless", job.key(),
                    result.scenesWithoutAudio());
        }
        String text = calls.exact().writeValueAsString(body);
        if (text.length() > LARGE_BODY) {
            LOG.warn("{}: the final report has {} characters; the control plane's limit is unknown", job.key(),
                    text.length());
        }
        return new Outcome.Complete(text);
    }

    @Override
    public Mono<SettleReply> settle(Outcome outcome) {
        return Settling.settle(calls, credential, handle.id(), outcome);
    }

    /** Names the lease, not the document: it is the user's. */
    @Override
    public String toString() {
        return "StudioLease[" + job.key() + "]";
    }
}
