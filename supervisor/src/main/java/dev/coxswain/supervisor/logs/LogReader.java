package dev.coxswain.supervisor.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import reactor.core.publisher.FluxSink;
import reactor.core.scheduler.Scheduler;

/**
 * One reader's place in a log. Holds no bytes: a chunk is fetched when it is asked for, from memory or from a file that
 * is opened for it, on the scheduler for files.
 */
final class LogReader<T> {
    static final int CHUNK_BYTES = 64 << 10;
    /** The place until which a reader reads that follows. */
    static final long UNENDING = Long.MAX_VALUE;

    private static final byte[] NOTHING = {};
    /** Then other readers and writers get the thread. */
    private static final int CHUNKS_IN_A_ROW = 16;

    private final SpillingJobLog log;
    private final Scheduler files;
    private final FluxSink<T> sink;
    private final LogView<T> view;
    private final long until;
    private final AtomicInteger wakes = new AtomicInteger();
    private long place;
    private boolean over;

    LogReader(SpillingJobLog log, Scheduler files, FluxSink<T> sink, long until, LogView<T> view) {
        this.view = view;
        this.log = log;
        this.files = files;
        this.sink = sink;
        this.until = until;
    }

    /** Something changed: bytes, demand, or the end. Never blocks. */
    void wake() {
        if (wakes.getAndIncrement() == 0) {
            schedule();
        }
    }

    private void schedule() {
        try {
            files.schedule(this::run);
        } catch (RejectedExecutionException e) {
            sink.error(new LogException("the log can't be read any more: the supervisor stops", e));
        }
    }

    private void run() {
        for (int i = 0; i < CHUNKS_IN_A_ROW; i++) {
            int seen = wakes.get();
            if (!emitNext() && wakes.addAndGet(-seen) == 0) {
                return;
            }
        }
        schedule();
    }

    private boolean emitNext() {
        if (over || sink.isCancelled()) {
            return false;
        }
        // Asked first: what is there after the end is all there is.
        boolean ended = log.hasEnded();
        LogPiece piece = log.pieceAt(place, until);
        if (piece == null) {
            if (view.hasMore(place)) {
                if (sink.requestedFromDownstream() == 0) {
                    return false;
                }
                sink.next(view.of(place, NOTHING));
                return true;
            }
            if (ended || until != UNENDING) {
                over = true;
                sink.complete();
            }
            return false;
        }
        if (sink.requestedFromDownstream() == 0) {
            return false;
        }
        try {
            Path file = piece.file();
            byte[] chunk = file == null ? piece.bytes() : fetch(file, piece);
            place = piece.place() + chunk.length;
            sink.next(view.of(piece.place(), chunk));
        } catch (NoSuchFileException e) {
            if (log.lists(piece)) {
                fail(piece, e);
            }
            // Else the oldest segment went between looking and opening: look again, further ahead.
        } catch (IOException e) {
            fail(piece, e);
        }
        return true;
    }

    private void fail(LogPiece piece, IOException e) {
        over = true;
        sink.error(new LogException("the log can't be read from " + piece.file(), e));
    }

    private static byte[] fetch(Path file, LogPiece piece) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(piece.length());
        // Opened for each chunk: an interrupt of a cancelled reader closes its channel, so none is shared or kept.
        try (FileChannel channel = FileChannel.open(file)) {
            while (chunk.hasRemaining()) {
                if (channel.read(chunk, piece.offset() + chunk.position()) < 0) {
                    throw new IOException("the file is shorter than what was written to it");
                }
            }
        }
        return chunk.array();
    }
}
