package dev.coxswain.supervisor.metrics;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The reference table of all meters, made from {@link FleetMeters}. */
public final class MetersTable {
    private static final String INTRODUCTION = """
            # Metrics

            All meters of Coxswain, as `/metrics` shows them. Made from `FleetMeters`; do not edit. Labels are names from the
            configuration, or one of the values listed; never an id, so the number of series does not grow with runners or
            jobs. Every listed value exists from the start. A *timer* is a histogram in seconds: `…_bucket`, `…_count` and
            `…_sum`, and the gauge `…_max` with the longest of the last minutes.

            | name | kind | labels | meaning |
            |---|---|---|---|
            """;

    private static final String BORDERS = """

            ## Histogram borders (seconds)

            | timers | borders |
            |---|---|
            """;

    private MetersTable() {}

    /** The whole page, in Markdown. */
    public static String markdown() {
        return INTRODUCTION + Arrays.stream(FleetMeters.values()).map(MetersTable::row).collect(Collectors.joining())
                + BORDERS + Arrays.stream(FleetMeters.Buckets.values()).filter(b -> b != FleetMeters.Buckets.NONE)
                        .map(MetersTable::borders).collect(Collectors.joining());
    }

    private static String row(FleetMeters meter) {
        return "| `%s` | %s | %s | %s |\n".formatted(meter.fullName(), meter.kind().name().toLowerCase(Locale.ROOT),
                labels(meter), meter.help().replace("|", "\\|"));
    }

    private static String labels(FleetMeters meter) {
        List<String> labels = new ArrayList<>();
        meter.labels().forEach(label -> labels.add("`" + label + "`"));
        FleetMeters.Closed closed = meter.closed();
        if (closed != null) {
            labels.add("`" + closed.label() + "` (" + String.join(", ", closed.allowed()) + ")");
        }
        return String.join(", ", labels);
    }

    private static String borders(FleetMeters.Buckets buckets) {
        String timers = Arrays.stream(FleetMeters.values()).filter(meter -> meter.buckets() == buckets)
                .map(meter -> "`" + meter.fullName() + "`").collect(Collectors.joining(", "));
        String borders = Arrays.stream(buckets.borders()).map(border -> seconds(border.toNanos()))
                .collect(Collectors.joining(" "));
        return "| " + timers + " | " + borders + " |\n";
    }

    private static String seconds(long nanos) {
        return BigDecimal.valueOf(nanos, 9).stripTrailingZeros().toPlainString();
    }
}
