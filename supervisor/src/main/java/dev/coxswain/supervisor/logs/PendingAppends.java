package dev.coxswain.supervisor.logs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.MonoSink;

/** Masked bytes on their way into a log, and who waits until they are in. Not thread-safe: its log guards it. */
final class PendingAppends {
    /** A log has one writer, which waits for each append; so more than a few are a mistake. */
    private static final int MAX_WAITING = 16;

    private final Deque<Pending> waiting = new ArrayDeque<>();

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** @throws LogException when no more may wait */
    void checkRoom() {
        if (waiting.size() >= MAX_WAITING) {
            throw new LogException("a log has one writer: " + MAX_WAITING + " appends wait already", null);
        }
    }

    void add(byte[] bytes, @Nullable MonoSink<Void> sink) {
        waiting.add(new Pending(bytes, sink));
    }

    /** Moves over what there is room for; returns those whose bytes are all in, to be told outside of the guard. */
    List<MonoSink<Void>> moveInto(HeldBytes held) {
        List<MonoSink<Void>> taken = new ArrayList<>();
        while (!waiting.isEmpty()) {
            Pending first = waiting.getFirst();
            int moved = held.put(first.bytes, first.moved);
            first.moved += moved;
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

    private static final class Pending {
        private final byte[] bytes;
        private final @Nullable MonoSink<Void> sink;
        private int moved;

        Pending(byte[] bytes, @Nullable MonoSink<Void> sink) {
            this.bytes = bytes;
            this.sink = sink;
        }
    }
}
