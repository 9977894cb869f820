package dev.coxswain.supervisor.controlplane;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/** The answer to a lease request. */
public sealed interface LeaseReply {
    /** A job is ours until its deadline. */
    record Granted(Lease lease) implements LeaseReply {}

    /**
     * There is no job for this runner.
     *
     * @param pollAfter the server's wish when to ask again, which wins over our interval; null when it has none
     */
    record NoJob(@Nullable Duration pollAfter) implements LeaseReply {}
}
