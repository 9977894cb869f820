package dev.coxswain.supervisor.simulator.oore;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/** The lines of one build's log (contract oore-ci 7): first write wins, and what does not fit is dropped without a word. */
final class BuildLog {
    private static final int MAX_LINES = 10_000;
    private static final int MAX_LINE_BYTES = 4096;
    private static final Set<String> STREAMS = Set.of("stdout", "stderr");

    /** A line as it was sent. */
    record Line(long sequence, String content, String stream) {}

    /** What is known of a stored one. */
    private record Stored(int lease, int hash) {}

    private final Map<Long, Stored> stored = new HashMap<>();
    /** What a reader would see, as far as it is kept. */
    private final TreeMap<Long, String> kept = new TreeMap<>();
    private final int mostKept;
    private int keptChars;

    /** @param mostKept so many characters of it can be read afterwards */
    BuildLog(int mostKept) {
        this.mostKept = mostKept;
    }

    /**
     * Stores what it takes of these.
     *
     * @param lease the lease under which they come
     * @return how many it took
     */
    int append(List<Line> lines, int lease) {
        int appended = 0;
        for (Line line : lines) {
            if (stored.size() < MAX_LINES && STREAMS.contains(line.stream())
                    && stored.putIfAbsent(line.sequence(), new Stored(lease, hash(line))) == null) {
                appended++;
                keep(line);
            }
        }
        return appended;
    }

    /** Why one of these, sent under this lease, can never be read as it is; null when all can. To be asked first. */
    @Nullable
    String lost(List<Line> lines, int lease) {
        Map<Long, Integer> batch = new HashMap<>();
        for (Line line : lines) {
            String at = "line " + line.sequence();
            Stored earlier = stored.get(line.sequence());
            Integer other = batch.putIfAbsent(line.sequence(), hash(line));
            if (line.sequence() < 0) {
                return at + " has a number that no reader asks for";
            }
            if (!STREAMS.contains(line.stream())) {
                return at + " belongs to no stream and is dropped";
            }
            if (line.content().getBytes(StandardCharsets.UTF_8).length > MAX_LINE_BYTES) {
                return at + " is longer than " + MAX_LINE_BYTES + " bytes and is cut";
            }
            if ((earlier != null && earlier.lease() == lease && earlier.hash() != hash(line))
                    || (other != null && other != hash(line))) {
                return at + " has the number of another line of this lease";
            }
        }
        return null;
    }

    private void keep(Line line) {
        if (keptChars + line.content().length() <= mostKept) {
            keptChars += line.content().length();
            kept.put(line.sequence(), line.content());
        }
    }

    /** The lines that are kept, in their order. */
    List<String> lines() {
        return List.copyOf(kept.values());
    }

    int size() {
        return stored.size();
    }

    private static int hash(Line line) {
        return 31 * line.content().hashCode() + line.stream().hashCode();
    }
}
