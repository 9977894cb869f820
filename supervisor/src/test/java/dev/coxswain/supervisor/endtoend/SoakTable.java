package dev.coxswain.supervisor.endtoend;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The samples of a soak and the judgement on them: after a warm-up, which is the first fifth, the median of the last third
 * must not be above that of the first third by more than the measure's tolerance.
 */
record SoakTable(List<Sample> samples) {
    private static final int LEAST_IN_A_THIRD = 3;

    /**
     * One look at the supervisor.
     *
     * @param second since the soak began
     * @param jobs settled so far
     */
    record Sample(long second, long jobs, Map<SoakMeasure, Double> values) {
        double of(SoakMeasure measure) {
            return values.getOrDefault(measure, Double.NaN);
        }
    }

    SoakTable {
        samples = List.copyOf(samples);
        if (warm(samples).size() < 3 * LEAST_IN_A_THIRD) {
            throw new IllegalArgumentException("too few samples for a judgement: " + samples.size());
        }
    }

    /** What grew, in words; empty when all is flat. */
    List<String> grown() {
        List<String> grown = new ArrayList<>();
        for (SoakMeasure measure : SoakMeasure.values()) {
            double first = median(first(), each -> each.of(measure));
            double last = median(last(), each -> each.of(measure));
            // the other way round a value that could not be read would pass
            if (!(last <= measure.limit(first))) {
                grown.add(String.format(Locale.ROOT, "%s: from %.1f to %.1f, more than %.1f", measure.title(), first,
                        last, measure.limit(first)));
            }
        }
        return grown;
    }

    /** All samples, then the medians that are compared. */
    String text() {
        StringBuilder text = new StringBuilder(String.format("%-9s %8s", "second", "jobs"));
        for (SoakMeasure measure : SoakMeasure.values()) {
            text.append(String.format(" %11s", measure.title()));
        }
        text.append('\n');
        samples.forEach(sample -> line(text, String.valueOf(sample.second()), List.of(sample)));
        line(text, "first 1/3", first());
        line(text, "last 1/3", last());
        return text.toString();
    }

    private static void line(StringBuilder text, String head, List<Sample> of) {
        text.append(String.format(Locale.ROOT, "%-9s %8.0f", head, median(of, Sample::jobs)));
        for (SoakMeasure measure : SoakMeasure.values()) {
            text.append(String.format(Locale.ROOT, " %11.1f", median(of, sample -> sample.of(measure))));
        }
        text.append('\n');
    }

    private List<Sample> first() {
        List<Sample> warm = warm(samples);
        return warm.subList(0, warm.size() / 3);
    }

    private List<Sample> last() {
        List<Sample> warm = warm(samples);
        return warm.subList(warm.size() - warm.size() / 3, warm.size());
    }

    private static List<Sample> warm(List<Sample> all) {
        return all.subList(all.size() / 5, all.size());
    }

    private static double median(List<Sample> of, ToDoubleFunction<Sample> what) {
        double[] sorted = of.stream().mapToDouble(what).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
