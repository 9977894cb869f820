package dev.coxswain.supervisor.controlplane;

import dev.coxswain.executors.CommandEvent;

/** What a job's log consists of, in its order. */
public sealed interface FeedItem {
    /**
     * Bytes that the job wrote, masked.
     *
     * @param bytes not changed after this
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Output(CommandEvent.Stream stream, byte[] bytes) implements FeedItem {}

    /** A step began here, or ended: all that it wrote came before. */
    record Step(StepMark mark) implements FeedItem {}

    /** Bytes that are gone: the job wrote more than was kept until the control plane took it. */
    record Skipped(long bytes) implements FeedItem {}
}
