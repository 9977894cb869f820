package dev.coxswain.supervisor.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.supervisor.controlplane.FeedItem;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.StepMark;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * A log whose newest bytes are in memory and older ones on disk ({@link HeldBytes}). A log that fits into memory never
 * touches the disk. Everything that changes goes through {@link #change}, under one lock that is held for copying at most;
 * files are written outside of it, by one drain at a time on the scheduler for files.
 */
final class SpillingJobLog implements JobLog {
    private static final Logger LOG = LoggerFactory.getLogger(SpillingJobLog.class);

    private final String key;
    private final long maxBytes;
    private final LogTally tally;
    private final Scheduler files;
    private final Spill spill;
    private final Runnable whenOver;
    private final LogReaders readers;
    private final Sinks.Empty<Void> over = Sinks.empty();

    private final Object lock = new Object();
    /** One for each stream: a secret that one of them has half written is none in the middle of the other's bytes. */
    private final Masker stdout;
    private final Masker stderr;
    private final HeldBytes held;
    private final PendingAppends pending = new PendingAppends();
    private long rawBytes;
    private long writtenBytes;
    private boolean draining;
    private boolean ended;
    private boolean finished;
    /** Kept only for a log that is fed. */
    private @Nullable LogIndex index;

    SpillingJobLog(String key, long maxBytes, LogTally tally, Scheduler files, Spill spill, SecretSet secrets,
            Runnable whenOver) {
        this.key = key;
        this.maxBytes = maxBytes;
        this.tally = tally;
        this.files = files;
        this.spill = spill;
        this.stdout = new Masker(secrets);
        this.stderr = new Masker(secrets);
        this.whenOver = whenOver;
        this.held = new HeldBytes(tally, spill);
        this.readers = new LogReaders(this, files);
    }

    @Override
    public Mono<Void> append(CommandEvent.Stream stream, byte[] bytes) {
        return Mono.create(sink -> change(() -> take(stream, bytes, sink)));
    }

    private Masker masker(CommandEvent.Stream stream) {
        return switch (stream) {
            case STDOUT -> stdout;
            case STDERR -> stderr;
        };
    }

    @Override
    public void addSecret(Secret secret) {
        synchronized (lock) {
            stdout.add(secret);
            stderr.add(secret);
        }
    }

    @Override
    public String mask(String text) {
        synchronized (lock) {
            return stdout.mask(text);
        }
    }

    @Override
    public Flux<byte[]> read() {
        return Flux.defer(() -> readers.readUntil(head(), LogView.BYTES));
    }

    @Override
    public Flux<byte[]> follow() {
        return readers.readUntil(LogReader.UNENDING, LogView.BYTES);
    }

    @Override
    public Flux<List<FeedItem>> feed() {
        return Flux.defer(() -> {
            synchronized (lock) {
                if (index != null || writtenBytes > 0) {
                    return Flux.error(new LogException("a log is fed once, from its beginning", null));
                }
                index = new LogIndex();
            }
            return readers.readUntil(LogReader.UNENDING, new Cutting());
        });
    }

    @Override
    public void mark(StepMark mark) {
        change(() -> {
            LogIndex places = index;
            if (places == null || ended) {
                return;
            }
            // what a step left half written is no part of what the next one writes
            takeMasked(CommandEvent.Stream.STDOUT, stdout.finish(), null);
            takeMasked(CommandEvent.Stream.STDERR, stderr.finish(), null);
            if (!places.marks(writtenBytes, mark)) {
                LOG.warn("log of job {}: too many steps wait to be told to the control plane; step {} is not", key,
                        mark.step().name());
            }
        });
    }

    /** Takes the log's bytes apart for the feed. */
    private final class Cutting implements LogView<List<FeedItem>> {
        @Override
        public List<FeedItem> of(long place, byte[] chunk) {
            synchronized (lock) {
                LogIndex places = index;
                return places == null ? List.of() : places.cut(place, chunk);
            }
        }

        @Override
        public boolean hasMore(long place) {
            synchronized (lock) {
                LogIndex places = index;
                return places != null && places.hasMarkAt(place);
            }
        }
    }

    @Override
    public long writtenBytes() {
        synchronized (lock) {
            return writtenBytes;
        }
    }

    @Override
    public long droppedBytes() {
        synchronized (lock) {
            return held.droppedBytes();
        }
    }

    @Override
    public Mono<Void> end() {
        return Mono.defer(() -> {
            change(this::takeTail);
            return over.asMono();
        });
    }

    boolean hasEnded() {
        synchronized (lock) {
            return finished;
        }
    }

    /** Bytes on disk. */
    long spilledBytes() {
        return spill.segments().stream().mapToLong(Spill.Segment::length).sum();
    }

    /** Whether the disk has nothing of it. */
    boolean isInMemoryOnly() {
        return spill.isClosed() && spill.segments().isEmpty();
    }

    /** Gives everything back; only for a log that has ended, on the scheduler for files unless it is in memory only. */
    void remove() {
        synchronized (lock) {
            held.forget();
        }
        try {
            spill.delete();
        } catch (IOException e) {
            LOG.warn("a spill file of a former job stays in {}: {}", spill.directory(), e.toString());
        }
    }

    /** What a reader at this place gets next, the oldest kept byte if its place is gone; null when there is nothing. */
    @Nullable
    LogPiece pieceAt(long place, long until) {
        synchronized (lock) {
            return held.pieceAt(place, until);
        }
    }

    /** Whether a piece's file is still part of the log. */
    boolean lists(LogPiece piece) {
        return spill.segments().stream().anyMatch(segment -> segment.file().equals(piece.file()));
    }

    private long head() {
        synchronized (lock) {
            return held.head();
        }
    }

    private void take(CommandEvent.Stream stream, byte[] bytes, MonoSink<Void> sink) {
        if (ended) {
            throw new LogException("the log of this job has ended", null);
        }
        if (bytes.length > maxBytes - rawBytes) {
            throw new LogException(
                    "the job wrote more than " + Sizes.print(maxBytes) + " of log (supervisor.logs.maxPerJob)", null);
        }
        pending.checkRoom();
        rawBytes += bytes.length;
        takeMasked(stream, masker(stream).mask(bytes), sink);
    }

    private void takeTail() {
        if (!ended) {
            ended = true;
            takeMasked(CommandEvent.Stream.STDOUT, stdout.finish(), null);
            takeMasked(CommandEvent.Stream.STDERR, stderr.finish(), null);
        }
    }

    private void takeMasked(CommandEvent.Stream stream, byte[] masked, @Nullable MonoSink<Void> sink) {
        if (index != null && masked.length > 0) {
            index.writes(writtenBytes, stream);
        }
        writtenBytes += masked.length;
        tally.kept(masked.length);
        pending.add(masked, sink);
    }

    /** Makes one change, then lets everybody know who waits for what it made possible. */
    private void change(Runnable underLock) {
        List<MonoSink<Void>> taken;
        boolean starts;
        boolean finishes;
        synchronized (lock) {
            underLock.run();
            taken = pending.moveInto(held);
            starts = !draining && held.needsDrain(!pending.isEmpty(), ended);
            draining |= starts;
            finishes = ended && !finished && !draining;
            if (finishes) {
                finished = true;
                held.finish();
            }
        }
        taken.forEach(sink -> sink.success());
        readers.wake();
        if (starts) {
            scheduleDrain();
        }
        if (finishes) {
            whenOver.run();
            over.tryEmitEmpty().orThrow();
        }
    }

    private void scheduleDrain() {
        try {
            files.schedule(this::drain);
        } catch (RejectedExecutionException e) {
            change(() -> keepInMemoryOnly("the supervisor stops"));
        }
    }

    /** Writes what is in memory only. */
    private void drain() {
        HeldBytes.Batch batch;
        boolean last;
        synchronized (lock) {
            batch = held.unspilled();
            last = ended && pending.isEmpty();
        }
        try {
            long place = batch.from();
            for (ByteBuffer part : batch.parts()) {
                int length = part.remaining();
                spill.write(place, part);
                place += length;
            }
            if (last) {
                spill.close();
            }
            change(() -> {
                held.spilledTo(batch.to());
                draining = false;
            });
        } catch (IOException e) {
            closeRefused();
            change(() -> keepInMemoryOnly(e.toString()));
        }
    }

    private void closeRefused() {
        try {
            spill.close();
        } catch (IOException e) {
            LOG.debug("a spill file in {} that took no more did not close either: {}", spill.directory(),
                    e.toString());
        }
    }

    /** A full disk must not fail a job because of its log. */
    private void keepInMemoryOnly(String why) {
        held.keepInRingOnly();
        draining = false;
        LOG.warn("log of job {}: {} takes no more of it ({}); only its newest {} are kept from here on", key,
                spill.directory(), why, Sizes.print(Ring.MAX_BYTES));
    }
}
