package dev.coxswain.supervisor.demo;

import java.io.PrintWriter;
import java.util.Locale;

/** How far a demo is: a bar on a terminal, else a line for each tenth. */
final class Progress {
    private static final int WIDTH = 30;

    private final PrintWriter out;
    private final boolean terminal;
    private final long startedAtNanos = System.nanoTime();
    private long lastTenth;

    Progress(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    synchronized void show(long done, long total) {
        double seconds = (System.nanoTime() - startedAtNanos) / 1e9;
        if (terminal) {
            int full = (int) (WIDTH * done / Math.max(1, total));
            out.printf(Locale.ROOT, "\r[%s%s] %d/%d jobs, %.1f s", "#".repeat(full), ".".repeat(WIDTH - full), done,
                    total, seconds);
            if (done == total) {
                out.println();
            }
            out.flush();
        } else if (done * 10 / Math.max(1, total) > lastTenth) {
            lastTenth = done * 10 / total;
            out.printf(Locale.ROOT, "%d/%d jobs settled after %.1f s%n", done, total, seconds);
            out.flush();
        }
    }
}
