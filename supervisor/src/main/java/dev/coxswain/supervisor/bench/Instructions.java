package dev.coxswain.supervisor.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/** Counts the instructions of a process with {@code perf}, where that and its counters are there. */
final class Instructions implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;

    private final @Nullable Process perf;
    private double counted = Double.NaN;

    private Instructions(@Nullable Process perf) {
        this.perf = perf;
    }

    /** Whether it works on this host, tried out. */
    static boolean works() {
        try (Instructions tried = of(ProcessHandle.current().pid(), true)) {
            return Double.isFinite(tried.stop());
        }
    }

    /** Begins to count; a count that can't be had becomes NaN. */
    static Instructions of(long pid, boolean wanted) {
        if (!wanted) {
            return new Instructions(null);
        }
        try {
            // perf counts for as long as its command runs; the command says that counting has begun, and ends with its input
            Process perf = new ProcessBuilder(List.of("perf", "stat", "-x", ",", "-e", "instructions", "-p",
                    Long.toString(pid), "--", "sh", "-c", "echo; cat >/dev/null")).start();
            perf.inputReader(StandardCharsets.UTF_8).readLine();
            return new Instructions(perf);
        } catch (IOException e) {
            // no perf on this host
            return new Instructions(null);
        }
    }

    /** Ends the count and says how many. */
    double stop() {
        if (perf != null && !Double.isFinite(counted)) {
            try {
                perf.getOutputStream().close();
                try (BufferedReader lines = perf.errorReader(StandardCharsets.UTF_8)) {
                    counted = lines.lines().filter(line -> line.contains("instructions"))
                            .map(line -> line.substring(0, line.indexOf(',')))
                            .filter(number -> number.matches("\\d+")).mapToDouble(Double::parseDouble).findFirst()
                            .orElse(Double.NaN);
                }
                if (!perf.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    perf.destroyForcibly();
                }
            } catch (IOException e) {
                counted = Double.NaN;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return counted;
    }

    @Override
    public void close() {
        if (perf != null && perf.isAlive()) {
            perf.destroyForcibly();
        }
    }
}
