package dev.coxswain.executors.deliverable;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** The rules for charts (contract xenonflare-workspace 6). */
final class ChartReader {
    private static final int MOST_LABELS = 32;
    private static final int MOST_LABEL = 128;
    private static final int MOST_SERIES = 8;
    private static final int MOST_NAME = 64;
    private static final int MOST_SEGMENTS = 24;
    private static final int MOST_SCATTER_SERIES = 6;
    private static final int MOST_POINTS = 48;

    private ChartReader() {}

    /** A chart whose {@code kind} is given with it. */
    static Chart read(Place chart) throws InvalidDeliverableException {
        JsonNode kind = chart.object().at("kind").value();
        return read(kind.isString() ? kind.stringValue() : "", chart);
    }

    static Chart read(String kind, Place chart) throws InvalidDeliverableException {
        chart.object();
        return switch (kind) {
            case "bar" -> labelled(Chart.Form.BAR, chart);
            case "stacked_bar" -> labelled(Chart.Form.STACKED_BAR, chart);
            case "line" -> labelled(Chart.Form.LINE, chart);
            case "area" -> labelled(Chart.Form.AREA, chart);
            case "pie" -> pie(chart);
            case "scatter" -> scatter(chart);
            default -> throw chart.at("kind").wrong((kind.isEmpty() ? "is missing" : "is " + Place.quote(kind))
                    + "; allowed are bar, stacked_bar, line, area, pie and scatter");
        };
    }

    private static Chart labelled(Chart.Form form, Place chart) throws InvalidDeliverableException {
        Place given = chart.at("labels");
        List<String> labels = labels(given);
        if (labels.isEmpty() || labels.size() > MOST_LABELS) {
            throw given.wrong("has " + labels.size() + " usable labels (texts that are not blank); allowed are 1 to "
                    + MOST_LABELS);
        }
        List<Chart.Series> series = new ArrayList<>();
        for (Place one : chart.at("series").elements(1, MOST_SERIES, "series")) {
            series.add(new Chart.Series(one.object().at("name").words(MOST_NAME),
                    values(form, one.at("values"), labels.size())));
        }
        return new Chart.Labelled(form, chart.anyId(), chart.title(), labels, List.copyOf(series),
                form.hasOrientation ? orientation(chart.at("orientation")) : null);
    }

    /** Blank labels and those that are no text go before anything is counted (trap 4). */
    private static List<String> labels(Place given) throws InvalidDeliverableException {
        List<String> labels = new ArrayList<>();
        for (Place label : given.elements("labels")) {
            String text = label.optional(MOST_LABEL);
            if (text != null && !text.isEmpty()) {
                labels.add(text);
            }
        }
        return List.copyOf(labels);
    }

    private static List<Double> values(Chart.Form form, Place given, int wanted) throws InvalidDeliverableException {
        List<Place> places = given.elements("numbers");
        if (places.size() != wanted) {
            throw given.wrong("has " + places.size() + " numbers, but there are " + wanted
                    + " usable labels (blank labels and labels that are no text are dropped)");
        }
        List<Double> values = new ArrayList<>(places.size());
        for (Place place : places) {
            double value = place.number();
            if (form == Chart.Form.STACKED_BAR && value < 0) {
                throw place.wrong("is below 0, which a stacked_bar chart can't show");
            }
            values.add(value);
        }
        return List.copyOf(values);
    }

    private static @Nullable String orientation(Place given) throws InvalidDeliverableException {
        if (given.value().isMissingNode()) {
            return null;
        }
        if (given.value().isString()) {
            String word = given.value().stringValue();
            if (word.equals("vertical") || word.equals("horizontal")) {
                return word;
            }
        }
        throw given.wrong("must be vertical or horizontal, or left out");
    }

    private static Chart pie(Place chart) throws InvalidDeliverableException {
        List<Chart.Segment> segments = new ArrayList<>();
        for (Place one : chart.at("segments").elements(1, MOST_SEGMENTS, "segments")) {
            segments.add(new Chart.Segment(one.object().at("label").words(MOST_LABEL), one.at("value").number()));
        }
        return new Chart.Pie(chart.anyId(), chart.title(), List.copyOf(segments));
    }

    private static Chart scatter(Place chart) throws InvalidDeliverableException {
        List<Chart.Points> series = new ArrayList<>();
        for (Place one : chart.at("series").elements(1, MOST_SCATTER_SERIES, "series")) {
            String name = one.object().at("name").words(MOST_NAME);
            List<Chart.Point> points = new ArrayList<>();
            for (Place point : one.at("points").elements(1, MOST_POINTS, "points")) {
                String label = point.object().at("label").optional(MOST_LABEL);
                points.add(new Chart.Point(point.at("x").number(), point.at("y").number(),
                        label == null || label.isEmpty() ? null : label));
            }
            series.add(new Chart.Points(name, List.copyOf(points)));
        }
        return new Chart.Scatter(chart.anyId(), chart.title(), List.copyOf(series));
    }
}
