package dev.coxswain.supervisor.controlplane.shithub;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.Job;
import dev.coxswain.executors.SourceAccess;
import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ArtifactRequest;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
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
 * One claimed job. It is held as long as its token chain goes on: the deadline is the newest token's, and the cancel check
 * every two seconds is what keeps tokens coming (contract shithub-actions 9, 16.8; design section 11).
 */
final class ShithubLease implements Lease {
    private static final Duration CANCEL_CHECK = Duration.ofSeconds(2);
    /** More than one call may take, so that our own limit never breaks one off. */
    private static final Duration REPORT = Operation.COMPLETE.timeout().plusSeconds(15);

    private final Job job;
    private final long id;
    private final boolean usable;
    private final List<Secret> masks;
    private final @Nullable SourceAccess sources;
    private final Calls calls;
    private final TokenChain chain;
    private final Steps steps;
    private final LogFeed feed;
    private final Artifacts artifacts;
    private final Ending ending;
    private volatile boolean cancelled;

    /** A job that was claimed just now. */
    ShithubLease(Calls calls, Job job, ClaimedJob claimed) {
        this(calls, job, claimed.id(), claimed.steps(), claimed.masks(), claimed.sources(),
                TokenChain.of(claimed.token(), claimed.term(), calls.fates(), calls.clock()));
    }

    private ShithubLease(Calls calls, Job job, long id, @Nullable List<Long> stepIds, List<Secret> masks,
            @Nullable SourceAccess sources, TokenChain chain) {
        this.job = job;
        this.id = id;
        this.usable = stepIds != null;
        this.masks = masks;
        this.sources = sources;
        this.calls = calls;
        this.chain = chain;
        this.steps = new Steps(stepIds == null ? List.of() : stepIds);
        this.feed = new LogFeed(calls, chain, id, steps, () -> cancelled);
        this.artifacts = new Artifacts(calls, chain, id);
        this.ending = new Ending(calls, chain, id, steps, feed);
    }

    /** A job of a former life: its tokens are gone, so nothing can be said for it; the next heartbeat does not list it. */
    static ShithubLease lost(Calls calls, Job job) {
        return new ShithubLease(calls, job, 0, null, List.of(), null,
                TokenChain.dead("its token was lost with the supervisor that held it", calls.fates(), calls.clock()));
    }

    /** The control plane's number of the job. */
    long id() {
        return id;
    }

    /** Whether the control plane need not hear of this job any more, see {@link TokenChain#isForgotten}. */
    boolean isForgotten(Duration grace) {
        return chain.isForgotten(grace);
    }

    @Override
    public boolean isOver() {
        return chain.isOver();
    }

    @Override
    public Job job() {
        return job;
    }

    @Override
    public LeaseTerm term() {
        return chain.term();
    }

    @Override
    public String handle() {
        return "{}";
    }

    @Override
    public Duration heartbeatCap() {
        return CANCEL_CHECK;
    }

    @Override
    public Duration reportTimeout(Outcome outcome) {
        return REPORT;
    }

    @Override
    public List<Secret> secrets() {
        return masks;
    }

    @Override
    public @Nullable SourceAccess sources() {
        return sources;
    }

    @Override
    public Mono<Job> brief() {
        return usable
                ? Mono.just(job)
                : Mono.error(() -> new UnusableJobException("its steps have no usable ids"));
    }

    /** The job is running at the control plane since the claim (trap 4); this tells when it really began. */
    @Override
    public Mono<LeaseTerm> begin() {
        return chain.call(calls.job(Operation.RUNNING, id, "/status", () -> calls.object().put("status", "running")))
                .map(taken -> chain.term());
    }

    @Override
    public Mono<HeartbeatReply> heartbeat() {
        return chain.call(calls.job(Operation.HEARTBEAT, id, "/cancel-check", calls::object))
                .<HeartbeatReply>map(body -> {
                    if (!body.path("cancelled").asBoolean(false)) {
                        return new HeartbeatReply.Renewed(chain.term());
                    }
                    cancelled = true;
                    return new HeartbeatReply.CancelRequested(chain.term(), "cancelled at the control plane");
                })
                .onErrorResume(ControlPlaneException.LeaseLost.class,
                        lost -> Mono.just(new HeartbeatReply.Lost(String.valueOf(lost.getMessage()))));
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
        return new Outcome.Complete(ending.body(new Outcome.Complete("")).toString());
    }

    @Override
    public int atOnce() {
        return 1;
    }

    @Override
    public Mono<List<SignedUpload>> sign(List<Artifact> files) {
        return artifacts.sign(files);
    }

    @Override
    public Mono<SettleReply> settle(Outcome outcome) {
        return ending.settle(outcome);
    }

    /** Names the lease, not the document: it holds secrets. */
    @Override
    public String toString() {
        return "ShithubLease[" + job.key() + "]";
    }
}
