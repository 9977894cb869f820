package dev.coxswain.supervisor.controlplane;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A remote service that owns jobs. One instance for each entry of {@code controlPlanes}, shared by all its runners; it
 * keeps no state of a job. Every call is one attempt: repeating, breaking and counting are the caller's business. Calls
 * fail with a {@link ControlPlaneException} only.
 */
public interface ControlPlane {
    /** The name in the configuration. */
    String name();

    /**
     * Asks for a job. Cancelling may lose a job that was granted at that moment (it then runs out at the control plane),
     * so nobody cancels this in the normal course; drain waits for it.
     */
    Mono<LeaseReply> lease(Credential credential);

    /**
     * Takes up a lease of a former life from its journal record, to heartbeat and settle it. Sends nothing by itself.
     */
    Lease restore(LeaseRecord record, Credential credential);

    /**
     * Emits how many jobs have come since the last time, where the control plane is told of that: so many idle runners are
     * asked for at once. Never ends. What is missed is found by the next poll. Cancelling is safe.
     */
    default Flux<Integer> arrivals() {
        return Flux.never();
    }

    /** How often each runner wants to be told of with {@link #present}; null where the protocol knows no such thing. */
    default @Nullable Duration presenceInterval() {
        return null;
    }

    /**
     * Says that a runner is there, and what it does; renews no lease. Over the connection pool that only heartbeats use.
     * Cancelling is safe.
     */
    default Mono<Void> present(Credential credential, Presence presence) {
        return Mono.error(() -> new IllegalStateException("this protocol knows no runners without jobs"));
    }

    /** Tries a credential without leasing; completes when it is accepted ({@code cox check --online}). */
    Mono<Void> check(Credential credential);
}
