package dev.coxswain.supervisor.coderunner;

import java.util.ArrayList;
import java.util.List;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.coderunner.LogLine;

/** Lets a program write so much at once and so much a second; the rest is counted and told of (contract section 10). */
final class Throttle {
    static final long BURST_BYTES = 4L << 20;
    static final long BYTES_PER_SECOND = 1L << 20;
    /** What a line costs besides its text. */
    private static final int LINE_BYTES = 200;

    private final FleetClock clock;
    private double room = BURST_BYTES;
    private long filledAtNanos;
    private long droppedLines;
    private long droppedBytes;

    Throttle(FleetClock clock) {
        this.clock = clock;
        this.filledAtNanos = clock.nanos();
    }

    /** Those that may be kept, with a line about those before them that may not; that alone when no more will come. */
    synchronized List<LogLine> admit(List<LogLine> lines) {
        long now = clock.nanos();
        room = Math.min(BURST_BYTES, room + (now - filledAtNanos) / 1e9 * BYTES_PER_SECOND);
        filledAtNanos = now;
        List<LogLine> kept = new ArrayList<>();
        for (LogLine line : lines) {
            int cost = line.text().length() + LINE_BYTES;
            if (cost > room) {
                droppedLines++;
                droppedBytes += line.text().length();
                continue;
            }
            room -= cost;
            tellOfDropped(kept);
            kept.add(line);
        }
        if (lines.isEmpty()) {
            tellOfDropped(kept);
        }
        return kept;
    }

    /** Whether lines were dropped that the log does not tell of yet. */
    synchronized boolean owes() {
        return droppedLines > 0;
    }

    private void tellOfDropped(List<LogLine> kept) {
        if (droppedLines > 0) {
            kept.add(new LogLine("system", droppedLines + " lines (" + droppedBytes + " characters) were dropped: the "
                    + "program wrote more than " + BYTES_PER_SECOND + " bytes a second"));
            droppedLines = 0;
            droppedBytes = 0;
        }
    }
}
