package dev.coxswain.supervisor.controlplane;

/**
 * The definite answer to a terminal report. An unclear one (no answer, 408, 429, 5xx, an undecodable body) is a
 * {@link ControlPlaneException} instead, and the report is repeated.
 */
public sealed interface SettleReply {
    /** It is done. */
    record Acknowledged() implements SettleReply {}

    /**
     * The lease is not ours (any more): 409 and kin. After an earlier unclear try of the same report it was probably that
     * one which ended the job; otherwise the lease is lost. Nothing more is sent either way.
     */
    record Gone(String reason) implements SettleReply {}

    /** The control plane refuses this report for good (other 4xx); the job is still open there. */
    record Refused(String reason) implements SettleReply {}
}
