package dev.coxswain.supervisor.logs;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The log of one job: exactly the bytes that it wrote, after masking. One writer, any number of readers. The newest bytes
 * are in memory, older ones in a spill file; beyond the spill's bound the oldest are dropped and counted.
 */
public interface JobLog {
    /**
     * Takes bytes in; completes when there is room for more, so a writer that waits for it (concatMap) is held back by a
     * slow disk. Fails with a {@link LogException} when the job has written more than it may, or the disk refuses.
     */
    Mono<Void> append(byte[] bytes);

    /** Masks a text that is not part of the log (an error message) with this job's secrets. */
    String mask(String text);

    /** The log so far, masked, from the oldest kept byte, in chunks; completes. Cancelling is safe. */
    Flux<byte[]> read();

    /** The log so far and what follows, until {@link #end()}. A reader that is too slow to follow skips ahead. */
    Flux<byte[]> follow();

    /** Bytes appended in all, after masking. */
    long writtenBytes();

    /** Bytes that are no longer kept. */
    long droppedBytes();

    /** The job is over: flushes, completes the followers; the log stays readable for a while. Safe to repeat. */
    Mono<Void> end();
}
