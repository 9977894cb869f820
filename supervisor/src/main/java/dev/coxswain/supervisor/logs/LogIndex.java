package dev.coxswain.supervisor.logs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.supervisor.controlplane.FeedItem;
import dev.coxswain.supervisor.controlplane.StepMark;

/**
 * Where in a log's bytes the stream changes and steps begin and end, for the one reader that takes the log to a control
 * plane. Holds {@value #MOST} places ahead of that reader; beyond them a change of stream is forgotten (bytes count as those
 * of the stream before), and half as many again for steps. Not thread-safe: its log guards it.
 */
final class LogIndex {
    static final int MOST = 4_096;
    private static final int MOST_WITH_STEPS = MOST + MOST / 2;

    private final Deque<Place> ahead = new ArrayDeque<>();
    private CommandEvent.Stream written = CommandEvent.Stream.STDOUT;
    private CommandEvent.Stream read = CommandEvent.Stream.STDOUT;
    private long next;

    /** From this place on a stream or, with a mark, a step begins. */
    private record Place(long at, CommandEvent.Stream stream, @Nullable StepMark mark) {}

    /** The bytes from this place on are of this stream. */
    void writes(long at, CommandEvent.Stream stream) {
        if (stream != written && ahead.size() < MOST) {
            written = stream;
            ahead.add(new Place(at, stream, null));
        }
    }

    /** Everything before this place was written before the mark. Returns false when there is no room for it. */
    boolean marks(long at, StepMark mark) {
        return ahead.size() < MOST_WITH_STEPS && ahead.add(new Place(at, written, mark));
    }

    /** Whether something is told at this place without any further byte. */
    boolean hasMarkAt(long place) {
        Place first = ahead.peekFirst();
        return first != null && first.at <= place && ahead.stream().takeWhile(each -> each.at <= place)
                .anyMatch(each -> each.mark != null);
    }

    /** Takes the next bytes apart; what they pass is forgotten here. */
    List<FeedItem> cut(long place, byte[] bytes) {
        List<FeedItem> items = new ArrayList<>();
        if (place > next) {
            items.add(new FeedItem.Skipped(place - next));
        }
        int from = 0;
        for (Place first = ahead.peekFirst(); first != null && first.at <= place + bytes.length; first = ahead
                .peekFirst()) {
            int to = (int) Math.max(from, first.at - place);
            add(items, bytes, from, to);
            from = to;
            read = first.stream;
            if (first.mark != null) {
                items.add(new FeedItem.Step(first.mark));
            }
            ahead.removeFirst();
        }
        add(items, bytes, from, bytes.length);
        next = place + bytes.length;
        return items;
    }

    private void add(List<FeedItem> items, byte[] bytes, int from, int to) {
        if (from < to) {
            items.add(new FeedItem.Output(read, to - from == bytes.length
                    ? bytes
                    : Arrays.copyOfRange(bytes, from, to)));
        }
    }
}
