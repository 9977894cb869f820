package dev.coxswain.supervisor.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Job;
import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.Workload;
import dev.coxswain.executors.Workspace;
import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ArtifactRequest;
import dev.coxswain.supervisor.controlplane.ControlPlane;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.InvalidResultException;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.SettleReply;
import dev.coxswain.supervisor.controlplane.SignedUpload;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A control plane around the real one that knows when a lease's first heartbeat was answered, and a workload that waits for
 * it. Without that a job that does nothing would end before its beat, which would be cancelled with its connection, and
 * the engine would send other requests than the loops it is compared with.
 */
final class Beats implements ControlPlane, Workload {
    private static final JobResult DONE = new JobResult.Succeeded(Wire.RESULT, "output");

    private final ControlPlane plane;
    private final Duration jobTakes;
    /** Bounded by the slots: an entry for each job that runs. */
    private final Map<String, Sinks.Empty<Void>> first = new ConcurrentHashMap<>();

    Beats(ControlPlane plane, Duration jobTakes) {
        this.plane = plane;
        this.jobTakes = jobTakes;
    }

    @Override
    public String name() {
        return plane.name();
    }

    @Override
    public Mono<LeaseReply> lease(Credential credential) {
        return plane.lease(credential).map(reply -> switch (reply) {
            case LeaseReply.NoJob none -> none;
            case LeaseReply.Granted(var lease, var rate) -> {
                Sinks.Empty<Void> beaten = Sinks.empty();
                first.put(lease.job().key(), beaten);
                yield new LeaseReply.Granted(new Beaten(lease, beaten), rate);
            }
        });
    }

    @Override
    public Lease restore(LeaseRecord record, Credential credential) {
        return plane.restore(record, credential);
    }

    @Override
    public Mono<Void> check(Credential credential) {
        return plane.check(credential);
    }

    @Override
    public Flux<ExecutionEvent> run(Job job, Workspace workspace) {
        return Mono.defer(() -> {
            Sinks.Empty<Void> beaten = first.remove(job.key());
            Mono<Void> beat = beaten == null ? Mono.empty() : beaten.asMono();
            return (jobTakes.isZero() ? beat : beat.then(Mono.delay(jobTakes)).then())
                    .thenReturn((ExecutionEvent) new ExecutionEvent.Ended(DONE));
        }).flux();
    }

    private record Beaten(Lease lease, Sinks.Empty<Void> beaten) implements Lease {
        @Override
        public Mono<HeartbeatReply> heartbeat() {
            // after, so that the answer was taken in before the job ends
            return lease.heartbeat().doAfterTerminate(beaten::tryEmitEmpty);
        }

        @Override
        public Job job() {
            return lease.job();
        }

        @Override
        public LeaseTerm term() {
            return lease.term();
        }

        @Override
        public String handle() {
            return lease.handle();
        }

        @Override
        public Duration heartbeatCap() {
            return lease.heartbeatCap();
        }

        @Override
        public List<ArtifactRequest> plan(String document) throws InvalidResultException {
            return lease.plan(document);
        }

        @Override
        public Outcome.Complete compose(String document, Map<String, String> references)
                throws InvalidResultException {
            return lease.compose(document, references);
        }

        @Override
        public Mono<SettleReply> settle(Outcome outcome) {
            return lease.settle(outcome);
        }

        @Override
        public Mono<List<SignedUpload>> sign(List<Artifact> artifacts) {
            return lease.sign(artifacts);
        }
    }
}
