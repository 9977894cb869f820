package dev.coxswain.supervisor.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What one measurement gave, by name; a name that is not there is NaN: it could not be measured. */
record Figures(Map<String, Double> values) {
    Figures {
        values = Map.copyOf(values);
    }

    double get(String name) {
        return values.getOrDefault(name, Double.NaN);
    }

    Figures with(String name, double value) {
        Map<String, Double> more = new LinkedHashMap<>(values);
        more.put(name, value);
        return new Figures(more);
    }

    /** {@code name} for each thousand of {@code count}. */
    double perThousand(String name, String count) {
        return get(name) * 1_000 / get(count);
    }

    /** The median of each name over several measurements; of an even number the lower one. */
    static Figures median(List<Figures> all) {
        Set<String> names = new TreeSet<>();
        all.forEach(each -> names.addAll(each.values.keySet()));
        Map<String, Double> medians = new LinkedHashMap<>();
        for (String name : names) {
            double[] sorted = all.stream().mapToDouble(each -> each.get(name)).filter(Double::isFinite).sorted()
                    .toArray();
            medians.put(name, sorted.length == 0 ? Double.NaN : sorted[(sorted.length - 1) / 2]);
        }
        return new Figures(medians);
    }

    /** The value that this share of them does not exceed, of sorted values; NaN of none. */
    static double percentile(long[] sorted, double share) {
        return sorted.length == 0
                ? Double.NaN
                : sorted[(int) Math.max(0, Math.ceil(share * sorted.length) - 1)];
    }

    /** A sorted copy of the first {@code count}. */
    static long[] sorted(long[] values, int count) {
        long[] copy = Arrays.copyOf(values, Math.min(count, values.length));
        Arrays.sort(copy);
        return copy;
    }
}
