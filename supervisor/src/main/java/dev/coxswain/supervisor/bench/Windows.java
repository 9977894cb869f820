package dev.coxswain.supervisor.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** Runs contenders in turns, so that what else happens on the host meets all of them alike. */
final class Windows {
    /** On a slow or busy host a bench gets fewer windows, not more time: this long for all warm-ups, and for the rest. */
    private static final double WARMUP_SECONDS = 45;
    private static final double WINDOWS_SECONDS = 40;

    /** Two windows in a row that differ by less than this share are of code that is warm. */
    private static final double AGREEING = 0.04;

    private Windows() {}

    /**
     * How long a bench may take.
     *
     * @param warmupSeconds for all contenders together
     * @param windowsSeconds no window begins after it
     * @param untilTwoAgree whether warming up ends when two windows in a row cost the same
     */
    record Limit(double warmupSeconds, double windowsSeconds, boolean untilTwoAgree) {
        /** Three fifths of the time to warm up, until two windows agree. */
        static Limit of(int seconds) {
            return new Limit(seconds * 0.6, seconds * 0.4, true);
        }
    }

    private record Warmth(int windows, boolean enough) {}

    /**
     * One contender.
     *
     * @param window runs one window and says what it took, with {@code cpu} and {@code count}
     */
    record Contender(String name, Supplier<Figures> window) {}

    /**
     * What came of it.
     *
     * @param medians by name, in the order given
     * @param note how many windows there were, for the reader of the figures
     */
    record Result(Map<String, Figures> medians, String note) {
        Figures of(String name) {
            Figures found = medians.get(name);
            if (found == null) {
                throw new IllegalArgumentException("nothing was measured of " + name);
            }
            return found;
        }
    }

    /**
     * Warms each contender up with so many windows, then runs so many windows of each in turns. A slow host gets fewer of
     * both, at least one that counts.
     */
    static Result run(Scope scope, List<Contender> contenders, int warmups, int windows) {
        return run(scope, contenders, warmups, windows, new Limit(WARMUP_SECONDS, WINDOWS_SECONDS, false));
    }

    /** As above, within a limit of one's own. */
    static Result run(Scope scope, List<Contender> contenders, int warmups, int windows, Limit limit) {
        int fewest = warmups;
        boolean warm = true;
        for (Contender contender : contenders) {
            Warmth warmth = warmUp(scope, contender, warmups, limit.warmupSeconds() / contenders.size(),
                    limit.untilTwoAgree());
            fewest = Math.min(fewest, warmth.windows());
            warm &= warmth.enough();
        }
        Map<String, List<Figures>> measured = new LinkedHashMap<>();
        int done = 0;
        for (long from = System.nanoTime(); done == 0
                || (done < windows && secondsSince(from) < limit.windowsSeconds());) {
            for (Contender contender : contenders) {
                measured.computeIfAbsent(contender.name(), name -> new ArrayList<>())
                        .add(derived(contender.window().get()));
            }
            done++;
            scope.say("window " + done + " of " + windows);
        }
        Map<String, Figures> medians = new LinkedHashMap<>();
        measured.forEach((name, all) -> medians.put(name, Figures.median(all)));
        String cut = !warm || done < windows
                ? "; fewer than asked for, time was over: the host is slow or busy, ratios are of code half warm"
                : "";
        return new Result(medians, "windows: " + fewest + " to warm up, " + done + " that count" + cut);
    }

    private static Warmth warmUp(Scope scope, Contender contender, int warmups, double seconds, boolean untilTwoAgree) {
        int done = 0;
        boolean agreed = false;
        Figures last = new Figures(Map.of());
        for (long from = System.nanoTime(); done < warmups && !agreed && secondsSince(from) < seconds; done++) {
            double before = last.perThousand("cpu", "count");
            last = contender.window().get();
            agreed = untilTwoAgree && Math.abs(last.perThousand("cpu", "count") / before - 1) < AGREEING;
        }
        scope.say(String.format(Locale.ROOT, "%s: %d windows to warm up, %.3f CPU s/1000", contender.name(), done,
                last.perThousand("cpu", "count")));
        return new Warmth(done, agreed || done >= warmups);
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
