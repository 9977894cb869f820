package dev.coxswain.supervisor.controlplane;

import java.time.Duration;
import java.util.List;

import reactor.core.publisher.Mono;

/**
 * Takes the log and the steps of one job to its control plane while the job runs. One call at a time, in order, the first
 * one after {@link Lease#begin()} and the last one before {@link Lease#settle}.
 */
public interface JobFeed {
    /** Most bytes of output in one batch; an adapter cuts it into as many requests as its protocol's limits need. */
    int MOST_BATCH_BYTES = 1 << 20;

    /** How long output may wait for more of it before it is sent. */
    Duration batchTime();

    /**
     * What happened next. Called once for each batch, in order; what is numbered is numbered by the call. Each subscription
     * of the answer is one attempt: after a failure that may pass it is subscribed to again, and sends the very same.
     * Fails with a {@link ControlPlaneException} only: a lost lease ends the job; another one that does not pass ends the
     * feed, and the job goes on. Cancelling leaves open whether it arrived.
     */
    Mono<Void> send(List<FeedItem> batch);

    /** The rest of what was given, after the last batch; in other respects like {@link #send}. */
    Mono<Void> end();
}
