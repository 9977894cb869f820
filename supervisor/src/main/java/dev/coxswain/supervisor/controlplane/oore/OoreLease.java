package dev.coxswain.supervisor.controlplane.oore;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.Job;
import dev.coxswain.executors.JobAccess;
import dev.coxswain.executors.SourceAccess;
import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ArtifactRequest;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.InvalidResultException;
import dev.coxswain.supervisor.controlplane.JobFeed;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.SettleReply;
import dev.coxswain.supervisor.controlplane.SignedUpload;
import dev.coxswain.supervisor.controlplane.StepMark;
import dev.coxswain.supervisor.controlplane.UnusableJobException;
import reactor.core.publisher.Mono;

/**
 * One claimed build. A lease only until {@code running} is posted; from then on the daemon is asked every five seconds
 * whether the build is still ours, and only a definite answer ends it (contract oore-ci 5, 6).
 */
final class OoreLease implements Lease {
    private static final Duration AUTHORITY = Duration.ofSeconds(5);

    private final Job job;
    private final LeaseTerm term;
    private final Calls calls;
    private final Generations.Claim claim;
    private final Grants grants;
    private final Steps steps = new Steps();
    private final Status status;
    private final Artifacts artifacts;
    private final LogFeed feed;

    OoreLease(Calls calls, Credential credential, Job job, LeaseTerm term,
            Generations.Claim claim, Grants grants) {
        this.job = job;
        this.term = term;
        this.calls = calls;
        this.claim = claim;
        this.grants = grants;
        String path = Calls.jobPath(credential, job.id());
        this.status = new Status(calls, credential, path, term);
        this.artifacts = new Artifacts(calls, credential, path);
        this.feed = new LogFeed(calls, credential, path, this::ours);
    }

    /** Nothing leaves for a build that the same runner has claimed anew. */
    private <T> Mono<T> ours(Mono<T> call) {
        return Mono.defer(() -> calls.generations().isNewest(claim)
                ? call
                : Mono.error(new ControlPlaneException.LeaseLost("the same runner has claimed this build again")));
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
        return "{}";
    }

    @Override
    public Duration heartbeatCap() {
        return AUTHORITY;
    }

    @Override
    public List<Secret> secrets() {
        return grants.secrets();
    }

    @Override
    public Mono<Job> brief() {
        return grants.areUsable()
                ? Mono.just(job)
                : Mono.error(() -> new UnusableJobException("checkout_proxy_path is no path of this build's"));
    }

    @Override
    public @Nullable SourceAccess sources() {
        return grants.sources();
    }

    @Override
    public Mono<byte[]> signing(JobAccess.Platform platform) {
        return ours(grants.signing(platform));
    }

    @Override
    public Mono<LeaseTerm> begin() {
        return ours(status.running());
    }

    @Override
    public Mono<HeartbeatReply> heartbeat() {
        return ours(status.authority());
    }

    @Override
    public JobFeed feed() {
        return feed;
    }

    @Override
    public void stepped(StepMark mark) {
        steps.add(mark);
    }

    @Override
    public List<ArtifactRequest> plan(String document) throws InvalidResultException {
        return new Result(calls.mapper(), document).artifacts();
    }

    @Override
    public Outcome.Complete compose(String document, Map<String, String> references) {
        return new Outcome.Complete(status.body(new Outcome.Complete(""), steps));
    }

    /** A build that runs is ours until the daemon says otherwise (design section 11). */
    @Override
    public boolean isPatient() {
        return true;
    }

    @Override
    public int atOnce() {
        return 1;
    }

    @Override
    public Mono<List<SignedUpload>> sign(List<Artifact> files) {
        return ours(artifacts.reserve(files));
    }

    @Override
    public Mono<Void> stored(SignedUpload upload) {
        return ours(artifacts.complete(upload));
    }

    @Override
    public Mono<Void> givenUp(SignedUpload upload, String reason) {
        return ours(artifacts.abort(upload, reason));
    }

    @Override
    public Mono<SettleReply> settle(Outcome outcome) {
        return ours(status.settle(outcome, steps));
    }

    /** Names the lease, not the document: it holds secrets. */
    @Override
    public String toString() {
        return "OoreLease[" + job.key() + "]";
    }
}
