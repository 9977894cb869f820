package dev.coxswain.executors.responses;

import java.time.Duration;

/** Hears what the model calls of one workload do. Called by any thread, so it must be quick and must not block. */
public interface ModelMeters {
    /** A request waits for one of the parallel ones. */
    void queued();

    /** It waits no more: it begins now, or its job was stopped. */
    void unqueued();

    /** A request is sent. */
    void began();

    /**
     * It is over; follows each {@link #began()} exactly once.
     *
     * @param took from being sent to the whole answer, or to its end without one
     */
    void ended(CallResult result, Duration took);

    /**
     * An answer told what it used.
     *
     * @param cost of these tokens at the configured prices; 0 without any
     */
    void used(TokenUsage tokens, double cost);
}
