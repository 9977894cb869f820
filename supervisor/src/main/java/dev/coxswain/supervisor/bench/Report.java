package dev.coxswain.supervisor.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What a bench found.
 *
 * @param conditions how it was measured, one line each
 * @param rows the contenders, the reference first
 */
public record Report(String bench, List<String> conditions, List<Column> columns, List<Row> rows, List<Goal> goals) {
    public Report {
        conditions = List.copyOf(conditions);
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        goals = List.copyOf(goals);
    }

    /**
     * One column.
     *
     * @param key its name in {@link Figures} and in JSON
     * @param title its name for people
     * @param decimals digits shown behind the point
     */
    record Column(String key, String title, int decimals) {}

    /** One contender. */
    record Row(String name, Figures figures) {}

    /**
     * One goal.
     *
     * @param what is compared with what
     * @param measured NaN when it could not be measured here
     * @param atMost whether it is a ceiling, else a floor
     */
    record Goal(String what, double measured, boolean atMost, double wanted) {
        static Goal atMost(String what, double measured, double wanted) {
            return new Goal(what, measured, true, wanted);
        }

        static Goal atLeast(String what, double measured, double wanted) {
            return new Goal(what, measured, false, wanted);
        }

        String verdict() {
            if (!Double.isFinite(measured)) {
                return "not measured";
            }
            return (atMost ? measured <= wanted : measured >= wanted) ? "met" : "missed";
        }

        String limit() {
            return (atMost ? "<= " : ">= ") + wanted;
        }
    }

    /** Collects a report. */
    static final class Builder {
        private final String bench;
        private final List<String> conditions = new ArrayList<>();
        private final List<Column> columns = new ArrayList<>();
        private final List<Row> rows = new ArrayList<>();
        private final List<Goal> goals = new ArrayList<>();

        Builder(String bench) {
            this.bench = bench;
        }

        Builder condition(String line) {
            conditions.add(line);
            return this;
        }

        Builder column(String key, String title, int decimals) {
            columns.add(new Column(key, title, decimals));
            return this;
        }

        Builder row(String name, Figures figures) {
            rows.add(new Row(name, figures));
            return this;
        }

        Builder goal(Goal goal) {
            goals.add(goal);
            return this;
        }

        /** The figures of a row that is in already. */
        Figures of(String name) {
            return rows.stream().filter(row -> row.name().equals(name)).findFirst().map(Row::figures)
                    .orElseThrow(() -> new IllegalArgumentException("no row " + name));
        }

        Report build() {
            return new Report(bench, conditions, columns, rows, goals);
        }
    }
}
