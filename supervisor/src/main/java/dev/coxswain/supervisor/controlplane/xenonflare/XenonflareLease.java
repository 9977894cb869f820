package dev.coxswain.supervisor.controlplane.xenonflare;

import java.time.Duration;

import dev.coxswain.executors.Job;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.SettleReply;
import reactor.core.publisher.Mono;

/**
 * What the leases of both protocols do alike. On their calls 401 and 403 are {@code CredentialRefused}: the contracts are
 * silent, a key may be refused for a moment while it is renewed, and so the runner keeps trying while the lease lasts.
 */
abstract sealed class XenonflareLease implements Lease permits StudioLease, WorkspaceLease {
    private static final Duration HEARTBEAT_CAP = Duration.ofMinutes(2);

    private final LeaseParts parts;

    XenonflareLease(LeaseParts parts) {
        this.parts = parts;
    }

    final LeaseParts parts() {
        return parts;
    }

    final Calls calls() {
        return parts.calls();
    }

    @Override
    public final Job job() {
        return parts.job();
    }

    @Override
    public final LeaseTerm term() {
        return parts.term();
    }

    @Override
    public final String handle() {
        return parts.handle().text(calls().mapper(), calls().dialect().idField());
    }

    @Override
    public final Duration heartbeatCap() {
        return HEARTBEAT_CAP;
    }

    @Override
    public final Mono<HeartbeatReply> heartbeat() {
        return Heartbeating.beat(parts);
    }

    @Override
    public final Duration reportTimeout(Outcome outcome) {
        return calls().dialect().settling(outcome).timeout();
    }

    @Override
    public Mono<SettleReply> settle(Outcome outcome) {
        return Settling.settle(parts, outcome);
    }

    /** Names the lease, not the document: it is the user's. */
    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[" + parts.job().key() + "]";
    }
}
