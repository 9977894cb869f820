package dev.coxswain.supervisor.controlplane.coderunner;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Job;
import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ArtifactRequest;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.InvalidResultException;
import dev.coxswain.supervisor.controlplane.JobFeed;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.SettleReply;
import dev.coxswain.supervisor.controlplane.SignedUpload;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** One execution in the hands of a runner. */
final class CoderunnerLease implements Lease {
    /** How long a cancel may wait to be seen; a beat costs a look into a map. */
    private static final Duration HEARTBEAT_CAP = Duration.ofMillis(500);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ExecutionQueue queue;
    private final FleetClock clock;
    private final UUID id;
    private final Job job;
    private final boolean former;

    /** @param former whether it was taken in a former life of this process: then it can only be settled */
    CoderunnerLease(ExecutionQueue queue, FleetClock clock, UUID id, Job job, boolean former) {
        this.queue = queue;
        this.clock = clock;
        this.id = id;
        this.job = job;
        this.former = former;
    }

    @Override
    public Job job() {
        return job;
    }

    @Override
    public Mono<LeaseTerm> begin() {
        return called(queue.begin(id)).flatMap(begun -> begun
                ? Mono.just(term())
                : Mono.error(new ControlPlaneException.LeaseLost("the execution ended before it began")));
    }

    @Override
    public JobFeed feed() {
        return new LineFeed(lines -> called(queue.log(id, lines)));
    }

    @Override
    public Mono<Void> streamed(ExecutionEvent.Streamed piece) {
        return queue.streamed(id, piece);
    }

    @Override
    public LeaseTerm term() {
        return LeaseTerm.endless(clock.nanos());
    }

    @Override
    public String handle() {
        return "{}";
    }

    @Override
    public Duration heartbeatCap() {
        return HEARTBEAT_CAP;
    }

    /** Renews, always, unless the execution is to stop. One of a former life is renewed so that its end can be reported. */
    @Override
    public Mono<HeartbeatReply> heartbeat() {
        return Mono.fromSupplier(() -> former
                ? new HeartbeatReply.Renewed(term())
                : switch (queue.beat(id)) {
                    case Wish.GoOn() -> new HeartbeatReply.Renewed(term());
                    case Wish.Stop(var reason) -> new HeartbeatReply.CancelRequested(term(), reason);
                    case Wish.Over(var reason) -> new HeartbeatReply.Lost(reason);
                });
    }

    /** The workload leaves {@code {"result", "exitCode", "truncated"}}; an execution has no artifacts. */
    @Override
    public List<ArtifactRequest> plan(String document) throws InvalidResultException {
        try {
            if (JSON.readTree(document).isObject()) {
                return List.of();
            }
        } catch (JacksonException e) {
            // said below: the document is the user's, and so is no part of the message
        }
        throw new InvalidResultException("what the function left is no JSON object");
    }

    @Override
    public Outcome.Complete compose(String document, Map<String, String> references) {
        return new Outcome.Complete(document);
    }

    @Override
    public Mono<List<SignedUpload>> sign(List<Artifact> artifacts) {
        return artifacts.isEmpty()
                ? Mono.just(List.of())
                : Mono.error(() -> new ControlPlaneException.Rejected("an execution has no artifacts"));
    }

    @Override
    public Mono<SettleReply> settle(Outcome outcome) {
        return called(queue.settle(id, outcome, former)).map(stored -> stored
                ? new SettleReply.Acknowledged()
                : new SettleReply.Gone("the execution had ended before"));
    }

    /** The store is the only thing that can be out of order, and it may be in order again in a moment. */
    private static <T> Mono<T> called(Mono<T> call) {
        return call.onErrorMap(e -> !(e instanceof ControlPlaneException), e -> new ControlPlaneException.Unavailable(
                "the Coderunner store: " + e.getMessage(), null, e));
    }

    /** Names the lease, not the document: it is the user's. */
    @Override
    public String toString() {
        return "CoderunnerLease[" + job.key() + "]";
    }
}
