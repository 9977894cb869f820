package dev.coxswain.supervisor.logs;

import java.util.Arrays;

/** Stretches of bytes, ascending; those that overlap or touch are one. Bounded by the bytes they lie in. */
final class Intervals {
    private int[] bounds = new int[16];
    private int size;

    /** Adds {@code [start, end)}, whose end is no smaller than any before. */
    void add(int start, int end) {
        int first = start;
        while (size > 0 && bounds[size - 1] >= first) {
            first = Math.min(first, bounds[size - 2]);
            size -= 2;
        }
        if (size == bounds.length) {
            bounds = Arrays.copyOf(bounds, size * 2);
        }
        bounds[size++] = first;
        bounds[size++] = end;
    }

    /** Takes over all of the others, which may lie anywhere among these. */
    void moveIn(Intervals others) {
        if (others.size == 0) {
            return;
        }
        int[] mine = Arrays.copyOf(bounds, size);
        size = 0;
        int at = 0;
        for (int i = 0; i < others.size; i += 2) {
            for (; at < mine.length && mine[at + 1] <= others.bounds[i + 1]; at += 2) {
                add(mine[at], mine[at + 1]);
            }
            add(others.bounds[i], others.bounds[i + 1]);
        }
        for (; at < mine.length; at += 2) {
            add(mine[at], mine[at + 1]);
        }
        others.size = 0;
    }

    int count() {
        return size / 2;
    }

    int start(int index) {
        return bounds[2 * index];
    }

    int end(int index) {
        return bounds[2 * index + 1];
    }

    /** Forgets what ends at or before {@code position} and moves the rest {@code by} to the left. */
    void keepFrom(int position, int by) {
        int kept = 0;
        for (int i = 0; i < size; i += 2) {
            if (bounds[i + 1] > position) {
                bounds[kept++] = Math.max(bounds[i], position) - by;
                bounds[kept++] = bounds[i + 1] - by;
            }
        }
        size = kept;
    }
}
