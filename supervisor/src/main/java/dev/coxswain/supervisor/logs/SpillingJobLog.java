package dev.coxswain.supervisor.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.Secret;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * A log whose newest bytes are in a {@link Ring} and older ones in a {@link Spill}. A log that fits into the ring never
 * touches the disk. Everything that changes goes through {@link #change}, under one lock that is held for copying at most;
 * files are written outside of it, by one drain at a time on the scheduler for files.
 */
final class SpillingJobLog implements JobLog {
    private static final Logger LOG = LoggerFactory.getLogger(SpillingJobLog.class);
    /** The ring is written to disk in halves, so that the writer can fill the other one. */
    private static final int WRITE_BYTES = Ring.MAX_BYTES / 2;
    private static final int MAX_WAITING = 16;
    private static final int MAX_READERS = 64;
    private static final byte[] NOTHING = {};

    private final String key;
    private final long maxBytes;
    private final LogTally tally;
    private final Scheduler files;
    private final Spill spill;
    private final Runnable whenOver;
    private final List<LogReader> readers = new CopyOnWriteArrayList<>();
    private final Sinks.Empty<Void> over = Sinks.empty();

    private final Object lock = new Object();
    private final Masker masker = new Masker();
    private final Ring ring;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long rawBytes;
    private long writtenBytes;
    private long lostBytes;
    /** Place of the first byte that is in memory only. */
    private long unspilled;
    private boolean draining;
    private boolean ringOnly;
    private boolean ended;
    private boolean finished;

    SpillingJobLog(String key, long maxBytes, LogTally tally, Scheduler files, Spill spill, Runnable whenOver) {
        this.key = key;
        this.maxBytes = maxBytes;
        this.tally = tally;
        this.files = files;
        this.spill = spill;
        this.whenOver = whenOver;
        this.ring = new Ring(tally);
        this.ringOnly = !spill.isPossible();
    }

    @Override
    public Mono<Void> append(byte[] bytes) {
        return Mono.create(sink -> change(() -> take(bytes, sink)));
    }

    @Override
    public void addSecret(Secret secret) {
        synchronized (lock) {
            masker.add(secret);
        }
    }

    @Override
    public String mask(String text) {
        synchronized (lock) {
            return masker.mask(text);
        }
    }

    @Override
    public Flux<byte[]> read() {
        return Flux.defer(() -> readUntil(writtenInRing()));
    }

    @Override
    public Flux<byte[]> follow() {
        return readUntil(LogReader.UNENDING);
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
            return lostBytes + spill.droppedBytes();
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

    /** Gives everything back; only for a log that has ended, on the scheduler for files. */
    void remove() {
        synchronized (lock) {
            ring.shrink(ring.head());
        }
        try {
            spill.delete();
        } catch (IOException e) {
            LOG.warn("a spill file of a former job stays in {}: {}", spill.directory(), e.toString());
        }
    }

    /** What a reader at this place gets next, the oldest kept byte if its place is gone; null when there is nothing. */
    @Nullable
    Piece pieceAt(long place, long until) {
        synchronized (lock) {
            for (Spill.Segment segment : spill.segments()) {
                long from = Math.max(place, segment.start());
                if (place < ring.start() && from < segment.end() && from < until) {
                    long to = Math.min(Math.min(segment.end(), until), from + LogReader.CHUNK_BYTES);
                    return new Piece(from, segment.file(), from - segment.start(), (int) (to - from), NOTHING);
                }
            }
            long from = Math.max(place, ring.start());
            long to = Math.min(Math.min(ring.head(), until), from + LogReader.CHUNK_BYTES);
            return from < to ? new Piece(from, null, 0, (int) (to - from), ring.copy(from, to)) : null;
        }
    }

    /** Whether a piece's file is still part of the log. */
    boolean lists(Piece piece) {
        return spill.segments().stream().anyMatch(segment -> segment.file().equals(piece.file()));
    }

    private Flux<byte[]> readUntil(long until) {
        return Flux.create(sink -> {
            if (readers.size() >= MAX_READERS) {
                sink.error(new LogException("this log has " + MAX_READERS + " readers already", null));
                return;
            }
            LogReader reader = new LogReader(this, files, sink, until);
            readers.add(reader);
            sink.onDispose(() -> readers.remove(reader));
            sink.onRequest(more -> reader.wake());
            reader.wake();
        });
    }

    private long writtenInRing() {
        synchronized (lock) {
            return ring.head();
        }
    }

    private void take(byte[] bytes, MonoSink<Void> sink) {
        if (ended) {
            throw new LogException("the log of this job has ended", null);
        }
        if (bytes.length > maxBytes - rawBytes) {
            throw new LogException(
                    "the job wrote more than " + Sizes.print(maxBytes) + " of log (supervisor.logs.maxPerJob)", null);
        }
        if (waiting.size() >= MAX_WAITING) {
            throw new LogException("a log has one writer: " + MAX_WAITING + " appends wait already", null);
        }
        rawBytes += bytes.length;
        takeMasked(masker.mask(bytes), sink);
    }

    private void takeTail() {
        if (!ended) {
            ended = true;
            takeMasked(masker.finish(), null);
        }
    }

    private void takeMasked(byte[] masked, @Nullable MonoSink<Void> sink) {
        writtenBytes += masked.length;
        tally.kept(masked.length);
        waiting.add(new Waiting(masked, sink));
    }

    /** Makes one change, then lets everybody know who waits for what it made possible. */
    private void change(Runnable underLock) {
        List<MonoSink<Void>> taken;
        boolean starts;
        boolean finishes;
        synchronized (lock) {
            underLock.run();
            taken = moveIntoRing();
            starts = !draining && needsDrain();
            draining |= starts;
            finishes = ended && !finished && !draining;
            if (finishes) {
                finished = true;
                ring.shrink(ringOnly ? unspilled : spill.segments().isEmpty() ? ring.start() : ring.head());
            }
        }
        taken.forEach(sink -> sink.success());
        readers.forEach(LogReader::wake);
        if (starts) {
            scheduleDrain();
        }
        if (finishes) {
            whenOver.run();
            over.tryEmitEmpty().orThrow();
        }
    }

    private List<MonoSink<Void>> moveIntoRing() {
        List<MonoSink<Void>> taken = new ArrayList<>();
        while (!waiting.isEmpty()) {
            Waiting first = waiting.getFirst();
            long room = ringOnly ? Ring.MAX_BYTES : Ring.MAX_BYTES - (ring.head() - unspilled);
            int moved = (int) Math.min(room, first.bytes.length - first.moved);
            if (moved > 0) {
                ring.put(first.bytes, first.moved, moved);
                first.moved += moved;
            }
            if (ringOnly && ring.start() > unspilled) {
                lostBytes += ring.start() - unspilled;
                tally.dropped(ring.start() - unspilled);
                unspilled = ring.start();
            }
            if (first.moved < first.bytes.length) {
                if (moved == 0) {
                    break;
                }
                continue;
            }
            waiting.removeFirst();
            if (first.sink != null) {
                taken.add(first.sink);
            }
        }
        return taken;
    }

    private boolean needsDrain() {
        boolean isLast = ended && !spill.isClosed();
        return !ringOnly && (isLast || !waiting.isEmpty() || ring.head() - unspilled >= WRITE_BYTES);
    }

    private void scheduleDrain() {
        try {
            files.schedule(this::drain);
        } catch (RejectedExecutionException e) {
            change(() -> keepInRingOnly(unspilled, "the supervisor stops"));
        }
    }

    /** Writes what is in memory only; that part of the ring does not change before {@code unspilled} does. */
    private void drain() {
        long from;
        long to;
        boolean last;
        List<ByteBuffer> parts;
        synchronized (lock) {
            from = unspilled;
            to = ring.head();
            last = ended && waiting.isEmpty();
            parts = ring.slices(from, to);
        }
        try {
            long place = from;
            for (ByteBuffer part : parts) {
                int length = part.remaining();
                spill.write(place, part);
                place += length;
            }
            if (last) {
                spill.close();
            }
            change(() -> {
                unspilled = to;
                draining = false;
            });
        } catch (IOException e) {
            closeRefused();
            long reached = spill.segments().stream().mapToLong(Spill.Segment::end).reduce(from, Math::max);
            change(() -> keepInRingOnly(reached, e.toString()));
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
    private void keepInRingOnly(long reached, String why) {
        unspilled = reached;
        ringOnly = true;
        draining = false;
        LOG.warn("log of job {}: {} takes no more of it ({}); only its newest {} are kept from here on", key,
                spill.directory(), why, Sizes.print(Ring.MAX_BYTES));
    }

    /**
     * A stretch of the log, in memory or in a file.
     *
     * @param place of its first byte in the log
     * @param file where it is, or null when it is in {@code bytes}
     * @param offset of its first byte in the file
     * @param length bytes of it
     * @param bytes a copy, when it is in memory
     */
    record Piece(long place, @Nullable Path file, long offset, int length, byte[] bytes) {}

    /** Masked bytes on their way into the ring. */
    private static final class Waiting {
        private final byte[] bytes;
        private final @Nullable MonoSink<Void> sink;
        private int moved;

        Waiting(byte[] bytes, @Nullable MonoSink<Void> sink) {
            this.bytes = bytes;
            this.sink = sink;
        }
    }
}
