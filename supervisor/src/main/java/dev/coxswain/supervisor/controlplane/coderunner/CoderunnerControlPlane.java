package dev.coxswain.supervisor.controlplane.coderunner;

import java.util.UUID;

import dev.coxswain.executors.Job;
import dev.coxswain.supervisor.controlplane.ControlPlane;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The Coderunner server of this process as a control plane (contract coderunner, section 9): leases are executions. A lease
 * does not run out, since nobody else could have it: it is ended by its runner, or by a cancel.
 */
public final class CoderunnerControlPlane implements ControlPlane {
    private final String name;
    private final ExecutionQueue queue;
    private final FleetClock clock;

    /** @param name its name in the configuration */
    public CoderunnerControlPlane(String name, ExecutionQueue queue, FleetClock clock) {
        this.name = name;
        this.queue = queue;
        this.clock = clock;
    }

    @Override
    public String name() {
        return name;
    }

    /** Emits at once. Cancelling is safe: without a subscriber nothing is taken. */
    @Override
    public Mono<LeaseReply> lease(Credential credential) {
        return Mono.fromSupplier(() -> {
            ExecutionOrder order = queue.take(credential.runner());
            return order == null
                    ? new LeaseReply.NoJob(null)
                    : new LeaseReply.Granted(new CoderunnerLease(queue, clock, order.id(),
                            new Job(key(order.id()), order.id().toString(), order.document()), false));
        });
    }

    /** Each execution is run once at most, so its id makes the key unique. */
    private String key(UUID id) {
        return name.replaceAll("[^A-Za-z0-9-]+", "_") + "-" + id;
    }

    @Override
    public Lease restore(LeaseRecord record, Credential credential) {
        return new CoderunnerLease(queue, clock, UUID.fromString(record.jobId()),
                new Job(record.key(), record.jobId(), ""), true);
    }

    @Override
    public Flux<Integer> arrivals() {
        return queue.arrivals();
    }

    /** There is nothing to be refused: no credential is needed in process. */
    @Override
    public Mono<Void> check(Credential credential) {
        return Mono.empty();
    }
}
