package dev.coxswain.supervisor.grafana;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.coxswain.supervisor.metrics.FleetMeters;

/** Every metric that Prometheus can have from a supervisor, with its labels. */
final class KnownMetrics {
    /** What Prometheus adds to each series. */
    private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job");
    private static final Pattern SERIES = Pattern.compile("([a-z][a-z0-9_]*)(?:\\{(.*)\\})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

    private final Map<String, Set<String>> labels = new HashMap<>();
    private final Map<String, FleetMeters> ours = new HashMap<>();

    /**
     * Takes in the enum, what a real exposition shows, and what Prometheus makes itself.
     *
     * @param scrape of an exposition: what is not ours and begins with another prefix
     * @param recorded names of recording rules; their labels are not checked
     */
    KnownMetrics(String scrape, List<String> recorded) {
        for (FleetMeters meter : FleetMeters.values()) {
            Set<String> names = new HashSet<>(meter.labels());
            FleetMeters.Closed closed = meter.closed();
            if (closed != null) {
                names.add(closed.label());
            }
            if (meter.kind() == FleetMeters.Kind.TIMER) {
                Set<String> bucket = new HashSet<>(names);
                bucket.add("le");
                add(meter, "_bucket", bucket);
                List.of("_count", "_sum", "_max").forEach(ending -> add(meter, ending, names));
            } else {
                add(meter, "", names);
            }
        }
        scrape.lines().map(SERIES::matcher).filter(Matcher::matches)
                .filter(series -> !series.group(1).startsWith(FleetMeters.PREFIX))
                .forEach(series -> labels.computeIfAbsent(series.group(1), name -> new HashSet<>())
                        .addAll(names(Optional.ofNullable(series.group(2)).orElse(""))));
        labels.put("up", Set.of());
        labels.put("ALERTS", Set.of("alertname", "alertstate", "severity"));
        recorded.forEach(name -> labels.put(name, Set.of("control_plane", "pool", "reason")));
    }

    private void add(FleetMeters meter, String ending, Set<String> names) {
        labels.put(meter.fullName() + ending, names);
        ours.put(meter.fullName() + ending, meter);
    }

    private static Set<String> names(String inBraces) {
        Set<String> names = new HashSet<>();
        Matcher label = LABEL.matcher(inBraces);
        while (label.find()) {
            names.add(label.group(1));
        }
        return names;
    }

    boolean has(String name) {
        return labels.containsKey(name);
    }

    /** The meter behind this name, if it is one of ours. */
    Optional<FleetMeters> meter(String name) {
        return Optional.ofNullable(ours.get(name));
    }

    /** What is wrong with this use of a metric; empty when it can have an answer. */
    Optional<String> problem(PromQuery.Selector selector) {
        Set<String> known = labels.get(selector.name());
        if (known == null) {
            return Optional.of("there is no metric " + selector.name());
        }
        for (Map.Entry<String, List<String>> matcher : selector.labels().entrySet()) {
            String label = matcher.getKey();
            if (!known.contains(label) && !OF_PROMETHEUS.contains(label)) {
                return Optional.of(selector.name() + " has no label " + label);
            }
            FleetMeters meter = ours.get(selector.name());
            FleetMeters.Closed closed = meter == null ? null : meter.closed();
            if (closed != null && closed.label().equals(label)) {
                for (String value : matcher.getValue()) {
                    if (!closed.allowed().contains(value)) {
                        return Optional.of(selector.name() + " has no " + label + " " + value);
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** Labels that some metric of this query has, and what Prometheus adds. */
    Set<String> labelsOf(PromQuery query) {
        Set<String> all = new HashSet<>(OF_PROMETHEUS);
        query.selectors().forEach(selector -> all.addAll(labels.getOrDefault(selector.name(), Set.of())));
        return all;
    }
}
