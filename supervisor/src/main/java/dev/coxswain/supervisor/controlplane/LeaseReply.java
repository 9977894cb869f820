package dev.coxswain.supervisor.controlplane;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/** The answer to a lease request. */
public sealed interface LeaseReply {
    /**
     * A job is ours until its deadline.
     *
     * @param rateLimit what the server's rate headers allow, or null
     */
    record Granted(Lease lease, @Nullable RateLimit rateLimit) implements LeaseReply {
        public Granted(Lease lease) {
            this(lease, null);
        }
    }

    /**
     * There is no job for this runner.
     *
     * @param pollAfter the server's wish when to ask again, which wins over our interval; null when it has none
     * @param rateLimit what the server's rate headers allow, or null
     */
    record NoJob(@Nullable Duration pollAfter, @Nullable RateLimit rateLimit) implements LeaseReply {
        public NoJob(@Nullable Duration pollAfter) {
            this(pollAfter, null);
        }
    }
}
