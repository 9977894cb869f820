package dev.coxswain.supervisor.simulator.workspace;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The deliverables that are no charts (contract xenonflare-workspace 6), each as it must be sent. */
final class Deliverables {
    private static final int FILE_NAME = 160;
    private static final int FILE_CONTENT = 48_000;
    private static final int MAX_FILE_PARTS = 5;
    private static final Pattern FILE_PART = Pattern.compile("[A-Za-z0-9._-]{1,48}");
    private static final Pattern FILE_END = Pattern.compile("\\.(md|txt)$", Pattern.CASE_INSENSITIVE);
    private static final int MAX_COLUMNS = 12;
    private static final int MAX_ROWS = 80;
    private static final int COLUMN = 64;
    private static final int CELL = 512;
    private static final int MAX_ITEMS = 48;
    private static final int MAX_CHECKS = 64;
    private static final int CHECK_ID = 48;
    private static final int CHECK_LABEL = 320;
    private static final int SVG = 64_000;

    private Deliverables() {}

    /** Checks a file; its name, which must be a safe one already: the control plane stores it as it is sent. */
    static String file(Part file) {
        file.object(Set.of("name", "content"));
        Part place = file.field("name");
        String name = place.text(FILE_NAME);
        String[] parts = name.split("/", -1);
        if (parts.length > MAX_FILE_PARTS) {
            throw place.bad("has more than 4 folders");
        }
        for (String part : parts) {
            if (!FILE_PART.matcher(part).matches() || part.equals(".") || part.equals("..") || part.startsWith("_")
                    || part.endsWith("_")) {
                throw place.bad("is no safe name");
            }
        }
        if (!FILE_END.matcher(name).find()) {
            throw place.bad("is neither .md nor .txt");
        }
        if (file.field("content").text(FILE_CONTENT).isEmpty()) {
            throw file.field("content").bad("is empty");
        }
        return name;
    }

    /** Checks a table; its id. */
    static String table(Part table) {
        table.object(Set.of("id", "kind", "title", "columns", "rows")).field("kind").is("table");
        List<Part> columns = table.field("columns").items(1, MAX_COLUMNS);
        for (Part column : columns) {
            if (JsRules.isBlank(column.text(COLUMN))) {
                throw column.bad("is blank");
            }
        }
        for (Part row : table.field("rows").items(0, MAX_ROWS)) {
            row.items(columns.size(), columns.size()).forEach(cell -> cell.text(CELL));
        }
        return table.looseId();
    }

    /** Checks a list; its id. */
    static String list(Part list) {
        list.object(Set.of("id", "kind", "title", "ordered", "items")).field("kind").is("list");
        if (list.has("ordered") && !list.field("ordered").isTrue()) {
            throw list.field("ordered").bad("is not true");
        }
        list.field("items").items(1, MAX_ITEMS).forEach(item -> item.name(CELL));
        return list.strictId();
    }

    /** Checks a checklist; its id. */
    static String checklist(Part checklist) {
        checklist.object(Set.of("id", "kind", "title", "items")).field("kind").is("checklist");
        Set<String> seen = new HashSet<>();
        for (Part item : checklist.field("items").items(1, MAX_CHECKS)) {
            item.object(Set.of("id", "label", "checked"));
            if (!seen.add(JsRules.key(item.field("id").id(CHECK_ID)))) {
                throw item.field("id").bad("is there twice");
            }
            item.field("label").name(CHECK_LABEL);
            if (!item.field("checked").node().isBoolean()) {
                throw item.field("checked").bad("must be true or false");
            }
        }
        return checklist.strictId();
    }

    /** Checks an SVG; its id. */
    static String svg(Part svg) {
        svg.object(Set.of("id", "title", "content"));
        Part content = svg.field("content");
        String markup = content.trimmed(SVG);
        if (!markup.contains("<svg")) {
            throw content.bad("holds no <svg");
        }
        if (JsRules.mayRun(markup)) {
            throw content.bad("holds a forbidden pattern");
        }
        return svg.strictId();
    }
}
