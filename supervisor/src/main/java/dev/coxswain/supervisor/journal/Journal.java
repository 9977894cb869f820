package dev.coxswain.supervisor.journal;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.controlplane.Outcome;
import reactor.core.publisher.Mono;

/**
 * The durable record of claims and ends. Every write completes when it is synced on disk, in the order in which the writes
 * of one lease were subscribed; a write that fails (disk full) fails its Mono with a {@link JournalException} and nothing
 * else. Cancelling a write does not take it back.
 */
public interface Journal {
    /** A lease was won. */
    Mono<Void> claimed(LeaseRecord lease);

    /** Its outcome is decided and about to be sent. A later one replaces it (a refused complete becomes a fail). */
    Mono<Void> outcome(String key, Outcome outcome);

    /** It has ended: nothing more will be sent for it. */
    Mono<Void> settled(String key);

    /** Every lease that was claimed and not settled, oldest first: what a restart has to end. */
    Mono<List<OpenLease>> open();

    /** Writes what was handed in, then closes the file. Safe to repeat. */
    Mono<Void> close();

    /**
     * A lease without an end.
     *
     * @param outcome what was about to be sent, or null when the crash came before
     * @param decidedAt when the outcome was decided, or null
     */
    record OpenLease(LeaseRecord lease, @Nullable Outcome outcome, @Nullable Instant decidedAt) {}
}
