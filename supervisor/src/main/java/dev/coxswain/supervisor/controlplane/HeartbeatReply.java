package dev.coxswain.supervisor.controlplane;

/** The answer to a heartbeat. An unclear or failed one is a {@link ControlPlaneException} instead. */
public sealed interface HeartbeatReply {
    /** The lease goes on. */
    record Renewed(LeaseTerm term) implements HeartbeatReply {}

    /** The lease goes on, and somebody wants the job stopped. */
    record CancelRequested(LeaseTerm term, String reason) implements HeartbeatReply {}

    /** The lease is gone: KILL at once, send nothing more. */
    record Lost(String reason) implements HeartbeatReply {}
}
