package dev.coxswain.supervisor.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** Runs contenders in turns, so that what else happens on the host meets all of them alike. */
final class Windows {
    /** Two windows in a row that differ by less count as warm. */
    private static final double ALIKE = 0.05;
    /** On a slow or busy host a bench gets fewer windows, not more time: this long for all warm-ups, and for the rest. */
    private static final double WARMUP_SECONDS = 45;
    private static final double WINDOWS_SECONDS = 40;

    private Windows() {}

    /**
     * One contender.
     *
     * @param window runs one window and says what it took, with {@code cpu} and {@code count}
     */
    record Contender(String name, Supplier<Figures> window) {}

    /**
     * Warms each contender up, until two windows in a row agree in CPU for each operation or {@code warmups} are over; then
     * runs so many windows of each in turns, fewer when time is over. Gives the medians, by name, in the order given.
     */
    static Map<String, Figures> run(Scope scope, List<Contender> contenders, int warmups, int windows) {
        for (Contender contender : contenders) {
            double before = Double.NaN;
            int done = 0;
            boolean warm = false;
            long from = System.nanoTime();
            while (done < warmups && !warm && secondsSince(from) * contenders.size() < WARMUP_SECONDS) {
                double now = contender.window().get().perThousand("cpu", "count");
                warm = done > 1 && Math.abs(now - before) < ALIKE * before;
                before = now;
                done++;
            }
            scope.say(String.format(Locale.ROOT, "%s: warm after %d windows, %.3f CPU s/1000", contender.name(), done,
                    before));
        }
        Map<String, List<Figures>> measured = new LinkedHashMap<>();
        long from = System.nanoTime();
        for (int window = 1; window <= windows
                && (window == 1 || secondsSince(from) < WINDOWS_SECONDS); window++) {
            for (Contender contender : contenders) {
                Figures figures = contender.window().get();
                measured.computeIfAbsent(contender.name(), name -> new ArrayList<>()).add(derived(figures));
            }
            scope.say("window " + window + " of " + windows);
        }
        Map<String, Figures> medians = new LinkedHashMap<>();
        measured.forEach((name, all) -> medians.put(name, Figures.median(all)));
        return medians;
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    /** Rates, before medians are taken: they are what windows are compared by. */
    static Figures derived(Figures window) {
        return window.with("perSecond", window.get("count") / window.get("seconds"))
                .with("cpuPer1000", window.perThousand("cpu", "count"))
                .with("miPer1000", window.perThousand("instructions", "count") / 1e6);
    }

    /** What a figure is, as a multiple of the reference's. */
    static Figures compared(Figures figures, Figures reference) {
        return figures.with("timesCpu", figures.get("cpuPer1000") / reference.get("cpuPer1000"))
                .with("timesInstructions", figures.get("miPer1000") / reference.get("miPer1000"))
                .with("timesRate", figures.get("perSecond") / reference.get("perSecond"));
    }

    /** The ratio that goals mean: of instructions where they are counted, else of CPU. */
    static double times(Figures figures, Figures reference) {
        Figures both = compared(figures, reference);
        double instructions = both.get("timesInstructions");
        return Double.isFinite(instructions) ? instructions : both.get("timesCpu");
    }
}
