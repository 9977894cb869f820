package dev.coxswain.supervisor.simulator.workspace;

import java.util.List;
import java.util.Set;

/** Charts (contract xenonflare-workspace 6). */
final class Charts {
    private static final int MAX_LABELS = 32;
    private static final int MAX_SERIES = 8;
    private static final int MAX_SEGMENTS = 24;
    private static final int MAX_CLOUDS = 6;
    private static final int MAX_POINTS = 48;
    private static final int LABEL = 128;
    private static final int SERIES_NAME = 64;

    private Charts() {}

    /** Checks one; its id. */
    static String check(Part chart) {
        String kind = chart.field("kind").text(LABEL);
        switch (kind) {
            case "bar" -> bars(chart, false);
            case "stacked_bar" -> bars(chart, true);
            case "line", "area" -> {
                chart.object(Set.of("id", "kind", "title", "labels", "series"));
                axes(chart, false);
            }
            case "pie" -> pie(chart);
            case "scatter" -> scatter(chart);
            default -> throw chart.field("kind").bad("is no kind of chart");
        }
        return chart.looseId();
    }

    private static void bars(Part chart, boolean stacked) {
        chart.object(Set.of("id", "kind", "title", "labels", "series", "orientation"));
        if (chart.has("orientation")) {
            String orientation = chart.field("orientation").text(LABEL);
            if (!orientation.equals("vertical") && !orientation.equals("horizontal")) {
                throw chart.field("orientation").bad("is neither vertical nor horizontal");
            }
        }
        axes(chart, stacked);
    }

    private static void axes(Part chart, boolean notNegative) {
        List<Part> labels = chart.field("labels").items(1, MAX_LABELS);
        labels.forEach(label -> label.name(LABEL));
        for (Part series : chart.field("series").items(1, MAX_SERIES)) {
            series.object(Set.of("name", "values")).field("name").name(SERIES_NAME);
            for (Part value : series.field("values").items(labels.size(), labels.size())) {
                if (value.number() < 0 && notNegative) {
                    throw value.bad("is below 0");
                }
            }
        }
    }

    private static void pie(Part chart) {
        chart.object(Set.of("id", "kind", "title", "segments"));
        for (Part segment : chart.field("segments").items(1, MAX_SEGMENTS)) {
            segment.object(Set.of("label", "value")).field("label").name(LABEL);
            segment.field("value").number();
        }
    }

    private static void scatter(Part chart) {
        chart.object(Set.of("id", "kind", "title", "series"));
        for (Part series : chart.field("series").items(1, MAX_CLOUDS)) {
            series.object(Set.of("name", "points")).field("name").name(SERIES_NAME);
            for (Part point : series.field("points").items(1, MAX_POINTS)) {
                point.object(Set.of("x", "y", "label"));
                point.field("x").number();
                point.field("y").number();
                if (point.has("label")) {
                    point.field("label").trimmed(LABEL);
                }
            }
        }
    }
}
