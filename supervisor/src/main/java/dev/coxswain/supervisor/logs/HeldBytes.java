package dev.coxswain.supervisor.logs;

import java.nio.ByteBuffer;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What is held of one log: the newest bytes in a {@link Ring}, older ones in a {@link Spill}, and where the one hands over
 * to the other. Not thread-safe: its log guards it; files are written by its log's drain, outside of the guard.
 */
final class HeldBytes {
    /** The ring is written to disk in halves, so that the writer can fill the other one. */
    private static final int WRITE_BYTES = Ring.MAX_BYTES / 2;
    private static final byte[] NOTHING = {};

    private final LogTally tally;
    private final Spill spill;
    private final Ring ring;
    private long lostBytes;
    /** Place of the first byte that is in memory only. */
    private long unspilled;
    private boolean ringOnly;

    HeldBytes(LogTally tally, Spill spill) {
        this.tally = tally;
        this.spill = spill;
        this.ring = new Ring(tally);
        this.ringOnly = !spill.isPossible();
    }

    /** Place of the next byte to come. */
    long head() {
        return ring.head();
    }

    /** Bytes that are no longer kept. */
    long droppedBytes() {
        return lostBytes + spill.droppedBytes();
    }

    /** Takes in what there is room for, from this index on; returns how many bytes that were. */
    int put(byte[] bytes, int from) {
        long room = ringOnly ? Ring.MAX_BYTES : Ring.MAX_BYTES - (ring.head() - unspilled);
        int moved = (int) Math.min(room, bytes.length - from);
        if (moved > 0) {
            ring.put(bytes, from, moved);
        }
        if (ringOnly && ring.start() > unspilled) {
            lostBytes += ring.start() - unspilled;
            tally.dropped(ring.start() - unspilled);
            unspilled = ring.start();
        }
        return moved;
    }

    /**
     * Whether the disk's turn has come.
     *
     * @param pressed whether somebody waits for room
     * @param over whether nothing comes any more
     */
    boolean needsDrain(boolean pressed, boolean over) {
        boolean isLast = over && !spill.isClosed();
        return !ringOnly && (isLast || pressed || ring.head() - unspilled >= WRITE_BYTES);
    }

    /** What is in memory only; valid until {@link #spilledTo} or {@link #keepInRingOnly}, whatever is put meanwhile. */
    Batch unspilled() {
        return new Batch(unspilled, ring.head(), ring.slices(unspilled, ring.head()));
    }

    /** The disk has everything before this place. */
    void spilledTo(long place) {
        unspilled = place;
    }

    /** The disk takes no more than it took until now; from here on old bytes make room for new ones. */
    void keepInRingOnly() {
        unspilled = spill.segments().stream().mapToLong(Spill.Segment::end).reduce(unspilled, Math::max);
        ringOnly = true;
    }

    /** Nothing comes any more: gives back the memory of what the disk has, or of nothing when the disk has nothing. */
    void finish() {
        ring.shrink(ringOnly ? unspilled : spill.segments().isEmpty() ? ring.start() : ring.head());
    }

    /** Gives all memory back. */
    void forget() {
        ring.shrink(ring.head());
    }

    /** What a reader at this place gets next, the oldest kept byte if its place is gone; null when there is nothing. */
    @Nullable
    LogPiece pieceAt(long place, long until) {
        for (Spill.Segment segment : spill.segments()) {
            long from = Math.max(place, segment.start());
            if (place < ring.start() && from < segment.end() && from < until) {
                long to = Math.min(Math.min(segment.end(), until), from + LogReader.CHUNK_BYTES);
                return new LogPiece(from, segment.file(), from - segment.start(), (int) (to - from), NOTHING);
            }
        }
        long from = Math.max(place, ring.start());
        long to = Math.min(Math.min(ring.head(), until), from + LogReader.CHUNK_BYTES);
        return from < to ? new LogPiece(from, null, 0, (int) (to - from), ring.copy(from, to)) : null;
    }

    /**
     * Bytes for the disk.
     *
     * @param from place of the first
     * @param to place after the last
     * @param parts views of them
     */
    record Batch(long from, long to, List<ByteBuffer> parts) {}
}
