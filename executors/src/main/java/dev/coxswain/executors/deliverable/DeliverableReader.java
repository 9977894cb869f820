package dev.coxswain.executors.deliverable;

import tools.jackson.databind.JsonNode;

/** Reads deliverables as programs and models give them, checks them and brings them into their normal form. */
public final class DeliverableReader {
    private DeliverableReader() {}

    /**
     * Reads a deliverable in the form in which it is sent: {@code {name, content}} for a file; tables, lists, checklists and
     * charts carry their own {@code kind}.
     *
     * @param where its place, for messages, such as {@code table} or {@code charts[2]}; may be empty
     */
    public static Deliverable read(Kind kind, String where, JsonNode given) throws InvalidDeliverableException {
        Place place = new Place(where, given);
        return switch (kind) {
            case FILE -> TextFile.read(place);
            case CHART -> ChartReader.read(place);
            case TABLE -> Table.read(place);
            case SVG -> Svg.read(place);
            case LIST -> ItemList.read(place);
            case CHECKLIST -> Checklist.read(place);
        };
    }

    /** Reads a chart whose kind is said elsewhere, as by the name of a tool; a {@code kind} in it is not looked at. */
    public static Deliverable readChart(String chartKind, String where, JsonNode given)
            throws InvalidDeliverableException {
        return ChartReader.read(chartKind, new Place(where, given));
    }
}
