package dev.coxswain.supervisor.logs;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The newest bytes of a log, by their place in it. Takes no memory before the first byte and grows by doubling to its
 * bound; then new bytes go over the oldest. Not thread-safe: its log guards it.
 */
final class Ring {
    static final int MAX_BYTES = 64 << 10;

    private static final int FIRST_BYTES = 1 << 10;

    private final LogTally tally;
    private byte[] bytes = new byte[0];
    /** Place of the byte in slot 0, the first time round. */
    private long base;
    private long start;
    private long head;

    Ring(LogTally tally) {
        this.tally = tally;
    }

    /** Place of the oldest byte held. */
    long start() {
        return start;
    }

    /** Place of the next byte to come. */
    long head() {
        return head;
    }

    /** Takes all of it in; the oldest bytes go. At most {@link #MAX_BYTES} at once. */
    void put(byte[] source, int from, int length) {
        grow(length);
        int at = slot(head);
        int first = Math.min(length, bytes.length - at);
        System.arraycopy(source, from, bytes, at, first);
        System.arraycopy(source, from + first, bytes, 0, length - first);
        head += length;
        start = Math.max(start, head - bytes.length);
    }

    /** A copy of {@code [from, to)}, all of which is held. */
    byte[] copy(long from, long to) {
        byte[] out = new byte[(int) (to - from)];
        ByteBuffer target = ByteBuffer.wrap(out);
        slices(from, to).forEach(target::put);
        return out;
    }

    /** Views of {@code [from, to)}, all of which is held, valid until new bytes go over it. */
    List<ByteBuffer> slices(long from, long to) {
        int length = (int) (to - from);
        if (length == 0) {
            return List.of();
        }
        int at = slot(from);
        int first = Math.min(length, bytes.length - at);
        ByteBuffer begin = ByteBuffer.wrap(bytes, at, first);
        return first == length ? List.of(begin) : List.of(begin, ByteBuffer.wrap(bytes, 0, length - first));
    }

    /** Forgets what is before {@code from} and gives back all memory that the rest does not need. */
    void shrink(long from) {
        start = Math.max(from, start);
        rebuild((int) (head - start));
    }

    private int slot(long place) {
        return (int) ((place - base) % bytes.length);
    }

    private void grow(int more) {
        long wanted = Math.min(head - start + more, MAX_BYTES);
        if (wanted > bytes.length) {
            int room = Math.max(bytes.length, FIRST_BYTES);
            while (room < wanted) {
                room *= 2;
            }
            rebuild(room);
        }
    }

    private void rebuild(int room) {
        byte[] kept = copy(start, head);
        tally.buffered(room - bytes.length);
        bytes = room == kept.length ? kept : Arrays.copyOf(kept, room);
        base = start;
    }
}
