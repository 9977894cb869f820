package dev.coxswain.supervisor.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A report for people, or for programs. */
final class Printing {
    private static final String NOT_MEASURED = "n/a";

    private Printing() {}

    static void text(Report report, PrintWriter out) {
        out.println(report.bench());
        report.conditions().forEach(line -> out.println("  " + line));
        out.println();
        int name = report.rows().stream().mapToInt(row -> row.name().length()).max().orElse(1);
        List<String> cells = new ArrayList<>();
        report.columns().forEach(column -> cells.add(column.title()));
        out.println(line(report, name, "", cells));
        for (Report.Row row : report.rows()) {
            cells.clear();
            report.columns().forEach(column -> cells.add(number(row.figures().get(column.key()), column.decimals())));
            out.println(line(report, name, row.name(), cells));
        }
        out.println();
        int what = report.goals().stream().mapToInt(goal -> goal.what().length()).max().orElse(1);
        for (Report.Goal goal : report.goals()) {
            out.printf(Locale.ROOT, "%-" + what + "s  %10s  goal %-10s %s%n", goal.what(), number(goal.measured(), 2),
                    goal.limit(), goal.verdict());
        }
        out.flush();
    }

    private static String line(Report report, int nameWidth, String name, List<String> cells) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-" + nameWidth + "s", name));
        for (int i = 0; i < cells.size(); i++) {
            int width = Math.max(9, report.columns().get(i).title().length());
            line.append(String.format(Locale.ROOT, "  %" + width + "s", cells.get(i)));
        }
        return line.toString();
    }

    private static String number(double value, int decimals) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%,." + decimals + "f", value) : NOT_MEASURED;
    }

    static void json(Report report, PrintWriter out) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("bench", report.bench());
        json.put("conditions", report.conditions());
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (Report.Row row : report.rows()) {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            values.put("name", row.name());
            report.columns().forEach(column -> values.put(column.key(), finite(row.figures().get(column.key()))));
            rows.add(values);
        }
        json.put("rows", rows);
        List<Map<String, @Nullable Object>> goals = new ArrayList<>();
        for (Report.Goal goal : report.goals()) {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            values.put("what", goal.what());
            values.put("measured", finite(goal.measured()));
            values.put("wanted", goal.limit());
            values.put("verdict", goal.verdict());
            goals.add(values);
        }
        json.put("goals", goals);
        out.println(JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build().writeValueAsString(json));
        out.flush();
    }

    private static @Nullable Object finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
