package dev.coxswain.supervisor.client;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Rows under titles, each column as wide as its widest cell, unless the terminal is narrower. */
final class Table {
    private static final int GAP = 2;
    private static final int NARROWEST = 8;

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    Table(Column... columns) {
        this.columns = List.of(columns);
    }

    /** Cells in the order of the columns; what would steer a terminal is taken out. */
    Table row(String... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns");
        }
        rows.add(List.of(cells).stream().map(TextWidth::clean).toList());
        return this;
    }

    /** The titles, then the rows; no line has trailing blanks or more columns than the terminal. */
    List<String> lines(Terminal terminal) {
        int[] widths = widths(terminal.columns());
        List<String> lines = new ArrayList<>();
        lines.add(line(columns.stream().map(Column::title).toList(), widths, terminal, true));
        rows.forEach(row -> lines.add(line(row, widths, terminal, false)));
        return lines;
    }

    private int[] widths(int most) {
        int[] widths = IntStream.range(0, columns.size()).map(this::widest).toArray();
        while (total(widths) > most) {
            int widest = -1;
            for (int i = 0; i < widths.length; i++) {
                if (columns.get(i).kind() == Kind.FLEXIBLE && widths[i] > NARROWEST
                        && (widest < 0 || widths[i] > widths[widest])) {
                    widest = i;
                }
            }
            if (widest < 0) {
                break;
            }
            widths[widest]--;
        }
        return widths;
    }

    private int widest(int column) {
        return Math.max(TextWidth.of(columns.get(column).title()),
                rows.stream().mapToInt(row -> TextWidth.of(row.get(column))).max().orElse(0));
    }

    private static int total(int[] widths) {
        return IntStream.of(widths).sum() + GAP * (widths.length - 1);
    }

    private String line(List<String> cells, int[] widths, Terminal terminal, boolean title) {
        StringBuilder line = new StringBuilder();
        int used = 0;
        for (int i = 0; i < widths.length; i++) {
            int room = Math.min(widths[i], terminal.columns() - used);
            if (room <= 0) {
                break;
            }
            Kind kind = columns.get(i).kind();
            String text = TextWidth.cut(cells.get(i), room);
            String blanks = " ".repeat(room - TextWidth.of(text));
            String shown = !terminal.colour()
                    ? text
                    : title ? Colours.bold(text) : kind == Kind.WORD ? Colours.of(text, text) : text;
            line.append(kind == Kind.NUMBER ? blanks + shown : shown + (i == widths.length - 1 ? "" : blanks));
            used += room + GAP;
            if (used < terminal.columns() && i < widths.length - 1) {
                line.append(" ".repeat(GAP));
            }
        }
        return line.toString().stripTrailing();
    }

    /** How a column looks. */
    enum Kind {
        /** Left, never cut before the flexible ones are. */
        TEXT,
        /** As TEXT, coloured by what it says. */
        WORD,
        /** Right. */
        NUMBER,
        /** Left, and cut first. */
        FLEXIBLE
    }

    record Column(String title, Kind kind) {
        static Column text(String title) {
            return new Column(title, Kind.TEXT);
        }

        static Column word(String title) {
            return new Column(title, Kind.WORD);
        }

        static Column number(String title) {
            return new Column(title, Kind.NUMBER);
        }

        static Column flexible(String title) {
            return new Column(title, Kind.FLEXIBLE);
        }
    }
}
