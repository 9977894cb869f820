package dev.coxswain.supervisor.journal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

import reactor.core.publisher.Flux;

/** Prints appends per second at 1, 16 and 256 writers at once; run its main by hand. */
final class JournalThroughput {
    private JournalThroughput() {}

    public static void main(String[] args) throws Exception {
        Path folder = Files.createDirectories(Path.of(args.length > 0 ? args[0] : "target/journal-throughput"));
        measure(folder, 256, 20_000, false);
        measure(folder, 1, 2_000, true);
        measure(folder, 16, 20_000, true);
        measure(folder, 256, 100_000, true);
    }

    private static void measure(Path folder, int writers, int appends, boolean shown) throws Exception {
        Path file = Files.createTempDirectory(folder, "run").resolve("journal.db");
        long[] nanos = new long[appends];
        AtomicInteger next = new AtomicInteger();
        SqliteJournal journal = Journals.open(file, took -> nanos[next.getAndIncrement()] = took.toNanos(),
                new SqliteJournal.Limits(65_536, 8_192, 10_000, 0));
        long start = System.nanoTime();
        Flux.range(0, appends).flatMap(n -> journal.claimed(Journals.lease("k" + n)), writers).blockLast();
        double seconds = (System.nanoTime() - start) / 1e9;
        long commits = journal.commits();
        Journals.done(journal.close());
        Arrays.sort(nanos);
        if (shown) {
            System.out.printf(
                    "%4d writers: %,9.0f appends/s, p50 %,7.0f us, p99 %,7.0f us, %,d appends in %,d commits%n",
                    writers, appends / seconds, nanos[appends / 2] / 1e3, nanos[appends * 99 / 100] / 1e3, appends,
                    commits);
        }
    }
}
