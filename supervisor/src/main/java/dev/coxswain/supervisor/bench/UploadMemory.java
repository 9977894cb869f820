package dev.coxswain.supervisor.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Whether memory depends on how much is sent: the most that was resident while 100 MiB, 1 GiB, ... were sent in two files at
 * a time. The files are holes, so the disk is spared.
 */
final class UploadMemory {
    /** A heap that is resident from the start: whatever grows is buffers, native memory or a leak. */
    private static final List<String> HEAP = List.of("-XX:+UseG1GC", "-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch");
    private static final int PARALLEL = 2;
    private static final int WARMUPS = 3;
    private static final int LEAST_MIB = 100;
    private static final int WARM_MIB = 1 << 10;

    private final Scope scope;
    private final List<Integer> mebibytes;

    /** @param gibibytes the most that is sent; 0 for nothing to compare the least with */
    UploadMemory(Scope scope, int gibibytes) {
        this.scope = scope;
        mebibytes = switch (gibibytes) {
            case 0 -> List.of(LEAST_MIB);
            case 1 -> List.of(LEAST_MIB, WARM_MIB);
            default -> List.of(LEAST_MIB, WARM_MIB, gibibytes << 10);
        };
    }

    /**
     * Adds a row for each size and the goal.
     *
     * @param flags what the client's JVM needs besides its heap
     */
    void measure(String scheme, String url, List<String> flags, Report.Builder report) {
        List<String> all = new ArrayList<>(HEAP);
        all.addAll(flags);
        List<Double> peaks = new ArrayList<>();
        try (Child child = Child.start(scope, "uploads", all, "uploads", "url", url, "parallel", PARALLEL)) {
            // with nothing to compare it with, no figure has to be a warm one
            for (int i = 0; i < (mebibytes.size() == 1 ? 0 : WARMUPS); i++) {
                send(child, WARM_MIB);
            }
            for (int size : mebibytes) {
                scope.say(scheme + ", memory: " + name(size));
                Figures sent = send(child, size);
                peaks.add(sent.get("peakRss") / (1 << 20));
                report.row("memory, " + scheme + ", " + name(size),
                        new Figures(Map.of("peakMiB", sent.get("peakRss") / (1 << 20), "gigabytesPerSecond",
                                sent.get("bytes") / 1e9 / sent.get("seconds"), "cpuPerGigabyte",
                                sent.get("cpu") * 1e9 / sent.get("bytes"))));
            }
        }
        int most = mebibytes.getLast();
        report.goal(Report.Goal.atMost(
                "memory, " + scheme + ": peak MiB at " + name(most) + " - at " + name(LEAST_MIB) + " (goal: 10 GiB)",
                peaks.getLast() - peaks.getFirst(), 16));
    }

    private Figures send(Child child, int size) {
        Path file = scope.newFolder().resolve("hole");
        try {
            try (RandomAccessFile hole = new RandomAccessFile(file.toFile(), "rw")) {
                hole.setLength(((long) size << 20) / PARALLEL);
            }
            Figures figures = child.ask("memory", "count", PARALLEL, "files", List.of(file.toString()));
            Files.delete(file);
            return figures;
        } catch (IOException e) {
            throw new BenchException(file + " can't be made: " + e.getMessage(), e);
        }
    }

    private static String name(int size) {
        return size < 1 << 10
                ? size + " MiB"
                : String.format(Locale.ROOT, "%d GiB", size >> 10);
    }
}
