package dev.coxswain.executors.function;

import java.util.Arrays;

/**
 * Cuts a stream of output where a call ends: the process writes a mark there that nobody else knows. What could be the
 * beginning of it is held back until more comes.
 */
final class MarkFilter {
    private static final byte[] NOTHING = {};

    private final byte[] mark;
    private byte[] held = NOTHING;
    private boolean found;
    private long after;

    /** @param mark not empty */
    MarkFilter(byte[] mark) {
        this.mark = mark.clone();
    }

    /** Takes what came next; gives what is known to come before the mark, and nothing after it. */
    byte[] take(byte[] bytes) {
        if (found) {
            after += bytes.length;
            return NOTHING;
        }
        byte[] all = held.length == 0 ? bytes : joined(bytes);
        int at = search(all);
        found = at + mark.length <= all.length;
        held = found ? NOTHING : Arrays.copyOfRange(all, at, all.length);
        after = found ? all.length - at - mark.length : 0;
        return at == all.length ? all : Arrays.copyOf(all, at);
    }

    /** What was held back, when no more will come. */
    byte[] rest() {
        byte[] rest = held;
        held = NOTHING;
        return rest;
    }

    boolean found() {
        return found;
    }

    /** Bytes that came after the mark. */
    long after() {
        return after;
    }

    private byte[] joined(byte[] bytes) {
        byte[] all = Arrays.copyOf(held, held.length + bytes.length);
        System.arraycopy(bytes, 0, all, held.length, bytes.length);
        return all;
    }

    /** Where the mark begins, or could begin at the end; else the length. */
    private int search(byte[] all) {
        for (int at = 0; at < all.length; at++) {
            if (all[at] == mark[0]) {
                int length = Math.min(mark.length, all.length - at);
                if (Arrays.equals(all, at, at + length, mark, 0, length)) {
                    return at;
                }
            }
        }
        return all.length;
    }
}
