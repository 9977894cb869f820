package dev.coxswain.supervisor.controlplane.shithub;

import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.controlplane.Secret;

/** Where a job's token chain stands. At most one token of a job is good, and each is good for one call. */
sealed interface ChainState {
    /**
     * No call is out, and the token may be used.
     *
     * @param term until when the token holds
     * @param doubted whether this token was once called invalid, which may be the server's own trouble (trap 28)
     */
    record Ready(Secret token, LeaseTerm term, boolean doubted) implements ChainState {}

    /** One call is out with this token. */
    record InFlight(Secret token, LeaseTerm term, boolean doubted) implements ChainState {}

    /** The job's terminal status was acknowledged: there is no token any more, and none is needed. */
    record Ended() implements ChainState {}

    /**
     * The chain broke: nothing can be sent for this job again.
     *
     * @param reason in words, no secret
     */
    record Dead(String reason, long atNanos) implements ChainState {}
}
