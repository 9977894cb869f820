package dev.coxswain.supervisor.simulator.workspace;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Results of every kind: most of them nearly right, with lengths and numbers at the limits and just beyond. */
final class RandomResults {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    /** What JavaScript trims, and what only Java would. */
    private static final String BLANKS = "\t\n\u000b\f\r \u00a0\u1680\u2003\u2028\u202f\u205f\u3000\ufeff";
    private static final String NO_BLANKS = "\u0085\u001c\u180e\u200b";
    private static final String[] PARTS = {"a", "B", "7", "_", "-", "İ", "ß", "é", "水", "\ud83d\ude80", "=", "on", "<",
            "&", "\"", "\\", "{{", "}}", "."};
    private static final String[] CHARTS = {"bar", "stacked_bar", "line", "area", "pie", "scatter"};

    private final Random random;
    /** How probable each single mistake is. */
    private final double rude;
    private final List<String> citable = new ArrayList<>();

    RandomResults(Random random, double rude) {
        this.random = random;
        this.rude = rude;
    }

    ObjectNode next() {
        ObjectNode body = JSON.objectNode().put("workspaceId", "w");
        citable.clear();
        some(body.putArray("files"), 24, this::file);
        some(body.putArray("charts"), 12, this::chart);
        some(body.putArray("datasets"), 8, this::table);
        some(body.putArray("svgs"), 8, this::svg);
        some(body.putArray("lists"), 12, this::list);
        some(body.putArray("checklists"), 8, this::checklist);
        StringBuilder message = new StringBuilder(text(24_000, true));
        while (!citable.isEmpty() && random.nextInt(3) > 0 && message.length() < 20_000) {
            message.append(" {{").append(blank()).append("Artifact").append(blank()).append(':').append(blank())
                    .append(citable.get(random.nextInt(citable.size()))).append(blank()).append("}}");
        }
        if (mistake()) {
            message.append("{{artifact:list:nowhere}}");
        }
        body.put("assistantMessage", message.toString());
        if (mistake()) {
            body.put("other", 1);
        }
        return body;
    }

    private void file(ObjectNode file) {
        StringBuilder name = new StringBuilder();
        for (int folders = count(0, 4); folders > 0; folders--) {
            name.append(id(48)).append('/');
        }
        name.append(id(44)).append(random.nextBoolean() ? ".md" : ".TXT");
        String given = mistake() ? "/" + text(20, true) + name : name.toString();
        file.put("name", given).put("content", text(48_000, true));
        citable.add("file:" + given);
    }

    private void chart(ObjectNode chart) {
        String kind = CHARTS[random.nextInt(CHARTS.length)];
        String id = text(64, false);
        title(chart.put("id", id).put("kind", mistake() ? "donut" : kind));
        citable.add("chart:" + id);
        switch (kind) {
            case "pie" -> times(chart.putArray("segments"), 1, 24,
                    segments -> number(segments.addObject().put("label", text(128, true)), "value", false));
            case "scatter" -> times(chart.putArray("series"), 1, 6, series -> {
                ObjectNode cloud = series.addObject().put("name", text(64, false));
                times(cloud.putArray("points"), 1, 48, points -> {
                    ObjectNode point = points.addObject();
                    number(point, "x", false);
                    number(point, "y", false);
                    if (random.nextBoolean()) {
                        point.put("label", text(128, true));
                    }
                });
            });
            default -> {
                if (kind.contains("bar") && random.nextBoolean()) {
                    chart.put("orientation", mistake() ? "diagonal" : "horizontal");
                }
                ArrayNode labels = chart.putArray("labels");
                times(labels, 1, 32, all -> {
                    if (mistake()) {
                        all.add(2024);
                    } else {
                        all.add(text(128, false));
                    }
                });
                times(chart.putArray("series"), 1, 8, series -> {
                    ArrayNode values = series.addObject().put("name", text(64, false)).putArray("values");
                    for (int i = mistake() ? 1 : 0; i < labels.size(); i++) {
                        number(values, kind.equals("stacked_bar"));
                    }
                });
            }
        }
    }

    private void table(ObjectNode table) {
        String id = text(64, false);
        title(table.put("id", id).put("kind", "table"));
        citable.add("table:" + id);
        ArrayNode columns = table.putArray("columns");
        times(columns, 1, 12, all -> all.add(text(64, false)));
        times(table.putArray("rows"), 0, 80, rows -> {
            ArrayNode row = rows.addArray();
            for (int i = mistake() ? 1 : 0; i < columns.size(); i++) {
                if (mistake()) {
                    row.add(random.nextInt());
                } else {
                    row.add(text(512, true));
                }
            }
        });
    }

    private void svg(ObjectNode svg) {
        String id = id(64);
        title(svg.put("id", id));
        citable.add("svg:" + id);
        String inside = mistake() ? text(30, true) + " onload =" : "<g font-size='1'/>rate = 3%";
        svg.put("content", (mistake() ? " " : "") + "<svg>" + inside + "</svg>");
        if (mistake()) {
            svg.put("kind", "svg");
        }
    }

    private void list(ObjectNode list) {
        String id = id(64);
        title(list.put("id", id).put("kind", mistake() ? "lists" : "list"));
        citable.add("list:" + id);
        if (random.nextInt(3) == 0) {
            list.put("ordered", !mistake());
        }
        times(list.putArray("items"), 1, 48, items -> items.add(text(512, false)));
    }

    private void checklist(ObjectNode checklist) {
        String id = id(64);
        title(checklist.put("id", id).put("kind", "checklist"));
        citable.add("checklist:" + id);
        int[] n = new int[1];
        times(checklist.putArray("items"), 1, 64, items -> {
            ObjectNode item = items.addObject().put("id", mistake() ? id(48) : "i" + n[0]++).put("label",
                    text(320, false));
            if (!mistake()) {
                item.put("checked", random.nextBoolean());
            }
        });
    }

    private void title(ObjectNode object) {
        if (random.nextBoolean()) {
            object.put("title", text(200, true));
        } else if (mistake()) {
            object.putNull("title");
        }
    }

    private void number(ObjectNode object, String field, boolean positive) {
        ArrayNode one = JSON.arrayNode();
        number(one, positive);
        object.set(field, one.get(0));
    }

    private void number(ArrayNode array, boolean positive) {
        if (mistake()) {
            array.add("1");
            return;
        }
        double value = switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> 1e300;
            case 2 -> random.nextInt(1000);
            default -> random.nextDouble();
        };
        array.add(positive || random.nextBoolean() ? value : -value);
    }

    /** Letters that an id or a safe name may have. */
    private String id(int most) {
        int length = length(most, false);
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < length; i++) {
            id.append("abzAZ059-".charAt(random.nextInt(9)));
        }
        if (mistake()) {
            id.insert(random.nextInt(id.length() + 1), random.nextBoolean() ? "ı_" : " ä");
        }
        return id.toString();
    }

    private String text(int most, boolean mayBeEmpty) {
        int length = length(most, mayBeEmpty);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            String part = random.nextInt(9) == 0
                    ? String.valueOf((random.nextBoolean() ? BLANKS : NO_BLANKS).charAt(random.nextInt(4)))
                    : PARTS[random.nextInt(PARTS.length)];
            text.append(length > 2_000 ? part.repeat(Math.max(1, Math.min(500, length - text.length()))) : part);
        }
        text.setLength(length);
        String plain = text.toString();
        if (mistake()) {
            return blank() + plain + BLANKS.charAt(random.nextInt(BLANKS.length()));
        }
        if (mistake()) {
            return plain + "\ud83d";
        }
        String trimmed = JsRules.trim(plain);
        boolean cutThrough = !trimmed.isEmpty() && Character.isHighSurrogate(trimmed.charAt(trimmed.length() - 1));
        String whole = cutThrough ? trimmed.substring(0, trimmed.length() - 1) + "x" : trimmed;
        return whole.isEmpty() && !mayBeEmpty ? "x" : whole;
    }

    private int length(int most, boolean mayBeEmpty) {
        return switch (random.nextInt(most > 2_000 ? 60 : 14)) {
            case 0 -> most;
            case 1 -> most - 1;
            case 2 -> mistake() ? most + 1 : most;
            case 3 -> mayBeEmpty ? 0 : 1;
            default -> 1 + random.nextInt(12);
        };
    }

    private String blank() {
        return random.nextInt(3) == 0 ? String.valueOf(BLANKS.charAt(random.nextInt(BLANKS.length()))) : "";
    }

    private boolean mistake() {
        return random.nextDouble() < rude;
    }

    private int count(int least, int most) {
        return switch (random.nextInt(40)) {
            case 0 -> most;
            case 1 -> mistake() ? most + 1 : most;
            case 2 -> mistake() ? least - 1 : least;
            default -> least + random.nextInt(Math.min(3, most - least + 1));
        };
    }

    private void some(ArrayNode array, int most, Consumer<ObjectNode> make) {
        if (random.nextInt(3) == 0) {
            repeat(count(0, most), i -> make.accept(array.addObject()));
        }
    }

    private void times(ArrayNode array, int least, int most, Consumer<ArrayNode> make) {
        repeat(count(least, most), i -> make.accept(array));
    }

    private static void repeat(int times, IntConsumer each) {
        for (int i = 0; i < times; i++) {
            each.accept(i);
        }
    }
}
