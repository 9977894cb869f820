package dev.coxswain.executors.deliverable;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code {id, kind: "table", title?, columns, rows}}. */
record Table(String id, @Nullable String title, List<String> columns, List<List<String>> rows) implements Deliverable {
    private static final int MOST_COLUMNS = 12;
    private static final int MOST_ROWS = 80;
    private static final int MOST_COLUMN_NAME = 64;
    private static final int MOST_CELL = 512;
    /** Numbers with more digits before or after the point are written with an exponent. */
    private static final int MOST_DIGITS = 400;

    static Table read(Place table) throws InvalidDeliverableException {
        table.object().kind("table");
        List<String> columns = new ArrayList<>();
        for (Place column : table.at("columns").elements(1, MOST_COLUMNS, "columns")) {
            String name = JsText.cut(column.text(), MOST_COLUMN_NAME);
            if (JsText.trim(name).isEmpty()) {
                throw column.wrong("must not be blank");
            }
            columns.add(name);
        }
        List<List<String>> rows = new ArrayList<>();
        for (Place row : table.at("rows").elements(0, MOST_ROWS, "rows")) {
            List<String> cells = new ArrayList<>(columns.size());
            for (Place cell : row.elements("cells")) {
                cells.add(JsText.cut(cell(cell), MOST_CELL));
            }
            if (cells.size() != columns.size()) {
                throw row.wrong("has " + cells.size() + " cells, but the table has " + columns.size() + " columns");
            }
            rows.add(List.copyOf(cells));
        }
        return new Table(table.anyId(), table.title(), List.copyOf(columns), List.copyOf(rows));
    }

    /** The control plane blanks every cell that is no text, so numbers and booleans become one here (trap 3). */
    private static String cell(Place cell) throws InvalidDeliverableException {
        return switch (cell.value().getNodeType()) {
            case STRING -> cell.text();
            case NULL -> "";
            case BOOLEAN -> Boolean.toString(cell.value().booleanValue());
            case NUMBER -> number(cell);
            case ARRAY, OBJECT, MISSING, BINARY, POJO -> throw cell
                    .wrong("must be a text, a number, true or false, but is " + cell.found());
        };
    }

    private static String number(Place cell) throws InvalidDeliverableException {
        if (cell.value().isIntegralNumber()) {
            return cell.value().asString();
        }
        double number = cell.number();
        BigDecimal exact = cell.value().decimalValue();
        return Math.abs(exact.scale()) > MOST_DIGITS
                ? Double.toString(number)
                : exact.signum() == 0 ? "0" : exact.stripTrailingZeros().toPlainString();
    }

    @Override
    public Kind kind() {
        return Kind.TABLE;
    }

    @Override
    public String reference() {
        return id;
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode json = Json.titled(id, "table", title);
        columns.forEach(json.putArray("columns")::add);
        ArrayNode all = json.putArray("rows");
        rows.forEach(row -> row.forEach(all.addArray()::add));
        return json;
    }
}
