package dev.coxswain.supervisor.logs;

import java.util.List;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.supervisor.controlplane.FeedItem;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.StepMark;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The log of one job: exactly the bytes that it wrote, after masking. One writer, up to 64 readers. The newest bytes
 * (64 KiB) are in memory, older ones in spill files; beyond the spill's bound the oldest are dropped and counted. A disk
 * that refuses never fails a job: its log then keeps the newest 64 KiB beside what is on disk already.
 */
public interface JobLog {
    /**
     * Takes bytes in; completes when there is room for more, so a writer that waits for it (concatMap) is held back by a
     * slow disk. The two streams are read apart, so secrets are looked for in each by itself. The bytes must not change until
     * then. Fails with a {@link LogException} when the job has written more
     * than it may (4 GiB, {@code supervisor.logs.maxPerJob}) or the log has ended. Cancelling is safe: the bytes are taken
     * in all the same.
     */
    Mono<Void> append(CommandEvent.Stream stream, byte[] bytes);

    /** The same for a job that has one stream. */
    default Mono<Void> append(byte[] bytes) {
        return append(CommandEvent.Stream.STDOUT, bytes);
    }

    /**
     * Hides one more secret in all bytes appended from now on, whatever its length; never waits.
     *
     * @throws LogException when the job's secrets are more than 256 Ki characters together
     */
    void addSecret(Secret secret);

    /** Masks a text that is not part of the log (an error message) with this job's secrets. */
    String mask(String text);

    /** The log so far, masked, from the oldest kept byte, in chunks; completes. Cancelling is safe. */
    Flux<byte[]> read();

    /**
     * The log so far and what follows, until {@link #end()}, in chunks of at most 64 KiB. Nothing is buffered for a
     * reader: one that is too slow reads from disk, and skips ahead when its place is no longer kept. Cancelling is safe.
     */
    Flux<byte[]> follow();

    /**
     * The log as it is taken to a control plane: like {@link #follow()}, with the stream of all bytes and the steps between
     * them. Asked for once, before the first byte; what it skips because it was too slow is told.
     */
    Flux<List<FeedItem>> feed();

    /** A step began or ended after what was appended so far; for {@link #feed()}, nothing without one. Never waits. */
    void mark(StepMark mark);

    /** Bytes appended in all, after masking. */
    long writtenBytes();

    /** Bytes that are no longer kept. */
    long droppedBytes();

    /** The job is over: flushes, completes the followers; the log stays readable for a while. Safe to repeat. */
    Mono<Void> end();
}
