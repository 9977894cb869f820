package dev.coxswain.supervisor.controlplane.shithub;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts what one step writes into chunks (contract shithub-actions 6): never an empty one, none longer than {@value #MOST}
 * bytes, at the end of a line where there is one. The control plane reads annotations ({@code ::error …::}) chunk by chunk,
 * so an unfinished line that may be one is held back; everything else goes at once.
 */
final class StepLog {
    /** Half of what one chunk may have: what the server's own masking adds must fit as well (trap 17). */
    static final int MOST = 256 << 10;
    private static final int MOST_HELD = 4 << 10;

    private final long step;
    private int next;
    private byte[] held = {};

    /**
     * One request's worth.
     *
     * @param seq from 0 in each step (trap 16)
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Chunk(long step, int seq, byte[] bytes) {}

    StepLog(long step) {
        this.step = step;
    }

    long step() {
        return step;
    }

    List<Chunk> add(byte[] bytes) {
        byte[] all = joined(bytes);
        int hold = held(all);
        held = Arrays.copyOfRange(all, all.length - hold, all.length);
        return cut(all, all.length - hold);
    }

    /** What was held back, before the step's end is told. */
    List<Chunk> flush() {
        byte[] rest = held;
        held = new byte[0];
        return cut(rest, rest.length);
    }

    private byte[] joined(byte[] bytes) {
        byte[] all = Arrays.copyOf(held, held.length + bytes.length);
        System.arraycopy(bytes, 0, all, held.length, bytes.length);
        return all;
    }

    /** How many bytes at the end are the beginning of an annotation. */
    private static int held(byte[] all) {
        int line = lineEnd(all, 0, all.length);
        int length = all.length - line;
        boolean annotation = length > 0 && all[line] == ':' && (length == 1 || all[line + 1] == ':');
        return annotation && length <= MOST_HELD ? length : 0;
    }

    private List<Chunk> cut(byte[] all, int end) {
        List<Chunk> chunks = new ArrayList<>();
        int from = 0;
        while (from < end) {
            int most = Math.min(end, from + MOST);
            int line = most == end ? end : lineEnd(all, from, most);
            int to = line > from ? line : most;
            chunks.add(new Chunk(step, next++, Arrays.copyOfRange(all, from, to)));
            from = to;
        }
        return chunks;
    }

    /** Behind the last line end before {@code to}; {@code from} when there is none. */
    private static int lineEnd(byte[] all, int from, int to) {
        for (int i = to; i > from; i--) {
            if (all[i - 1] == '\n') {
                return i;
            }
        }
        return from;
    }
}
