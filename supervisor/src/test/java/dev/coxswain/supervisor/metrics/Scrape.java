package dev.coxswain.supervisor.metrics;

import java.util.Map;
import java.util.TreeMap;

/** What Prometheus would read: types by family, values by series. */
record Scrape(Map<String, String> types, Map<String, Double> series) {
    static Scrape of(String text) {
        Map<String, String> types = new TreeMap<>();
        Map<String, Double> series = new TreeMap<>();
        text.lines().forEach(line -> {
            if (line.startsWith("# TYPE ")) {
                String[] words = line.split(" ");
                types.put(words[2], words[3]);
            } else if (!line.startsWith("#")) {
                int end = line.lastIndexOf(' ');
                series.put(line.substring(0, end), Double.valueOf(line.substring(end + 1)));
            }
        });
        return new Scrape(types, series);
    }

    double value(String line) {
        Double value = series.get(line);
        if (value == null) {
            throw new AssertionError("no series " + line + " in " + series.keySet());
        }
        return value;
    }
}
