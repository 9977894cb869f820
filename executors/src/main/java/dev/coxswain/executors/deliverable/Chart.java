package dev.coxswain.executors.deliverable;

import java.util.List;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code {id, kind, title?, …}} with one of six kinds. */
sealed interface Chart extends Deliverable {
    /** The kinds with labels and series. */
    enum Form {
        BAR("bar", true), STACKED_BAR("stacked_bar", true), LINE("line", false), AREA("area", false);

        final String word;
        final boolean hasOrientation;

        Form(String word, boolean hasOrientation) {
            this.word = word;
            this.hasOrientation = hasOrientation;
        }
    }

    /** One row of values, one for each label. */
    record Series(String name, List<Double> values) {}

    /** One part of a pie. */
    record Segment(String label, double value) {}

    /** One row of points. */
    record Points(String name, List<Point> points) {}

    /** One point of a scatter chart. */
    record Point(double x, double y, @Nullable String label) {}

    String id();

    @Override
    default Kind kind() {
        return Kind.CHART;
    }

    @Override
    default String reference() {
        return id();
    }

    /** A bar, stacked bar, line or area chart. */
    record Labelled(Form form, String id, @Nullable String title, List<String> labels, List<Series> series,
            @Nullable String orientation) implements Chart {
        @Override
        public ObjectNode toJson() {
            ObjectNode json = Json.titled(id, form.word, title);
            labels.forEach(json.putArray("labels")::add);
            ArrayNode all = json.putArray("series");
            for (Series one : series) {
                ArrayNode values = all.addObject().put("name", one.name()).putArray("values");
                one.values().forEach(value -> Json.add(values, value));
            }
            if (orientation != null) {
                json.put("orientation", orientation);
            }
            return json;
        }
    }

    /** A pie chart. */
    record Pie(String id, @Nullable String title, List<Segment> segments) implements Chart {
        @Override
        public ObjectNode toJson() {
            ObjectNode json = Json.titled(id, "pie", title);
            ArrayNode all = json.putArray("segments");
            segments.forEach(segment -> Json.put(all.addObject().put("label", segment.label()), "value",
                    segment.value()));
            return json;
        }
    }

    /** A scatter chart. */
    record Scatter(String id, @Nullable String title, List<Points> series) implements Chart {
        @Override
        public ObjectNode toJson() {
            ObjectNode json = Json.titled(id, "scatter", title);
            ArrayNode all = json.putArray("series");
            for (Points one : series) {
                ArrayNode points = all.addObject().put("name", one.name()).putArray("points");
                for (Point point : one.points()) {
                    ObjectNode each = points.addObject();
                    Json.put(each, "x", point.x());
                    Json.put(each, "y", point.y());
                    if (point.label() != null) {
                        each.put("label", point.label());
                    }
                }
            }
            return json;
        }
    }
}
