package dev.coxswain.supervisor.bench;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Locale;

/** One measurement, with its sizes. Blocks: it is the main thread's work. */
public interface Bench {
    /**
     * Measures. Child processes and files belong to the scope.
     *
     * @throws BenchException when it can't be done here
     */
    Report measure(Scope scope);

    /**
     * Measures and prints; everything that was started or made for it is gone afterwards, also on Ctrl-C.
     *
     * @param folder where temporary files are made: their disk is measured
     * @param json a JSON object instead of a table
     * @param progress lines for people meanwhile
     */
    static void run(Bench bench, Path folder, boolean json, PrintWriter out, PrintWriter progress) {
        Report report;
        try (Scope scope = new Scope(folder, progress)) {
            report = bench.measure(scope);
        }
        if (json) {
            Printing.json(report, out);
        } else {
            Printing.text(report, out);
        }
    }

    /** A report that says on what it was made. */
    static Report.Builder report(String name) {
        return new Report.Builder(name).condition(String.format(Locale.ROOT,
                "%d cores, load %.2f before, Java %s, %s %s", Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(), Runtime.version().feature(),
                System.getProperty("os.name"), System.getProperty("os.arch")));
    }
}
