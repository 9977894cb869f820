package dev.coxswain.executors.deliverable;

import java.util.Locale;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code {name, content}}.
 *
 * @param name safe, with {@code /} between folders
 */
record TextFile(String name, String content) implements Deliverable {
    private static final int MOST_CONTENT = 48_000;
    private static final int MOST_FOLDERS = 4;

    static TextFile read(Place file) throws InvalidDeliverableException {
        Place name = file.object().at("name");
        String given = name.words(SafeNames.MOST_NAME);
        String safe = SafeNames.safe(given);
        String lower = safe.toLowerCase(Locale.ROOT);
        if (!lower.endsWith(".md") && !lower.endsWith(".txt")) {
            throw name.wrong(
                    Place.quote(given) + " becomes " + Place.quote(safe) + ", which must end in .md or .txt; a name"
                            + " keeps letters a-z and A-Z, digits, '.', '_' and '-', and " + SafeNames.MOST_PART
                            + " characters of each part");
        }
        if (safe.chars().filter(c -> c == '/').count() > MOST_FOLDERS) {
            throw name.wrong(Place.quote(given) + " has more than " + MOST_FOLDERS + " folders");
        }
        Place content = file.at("content");
        String text = content.text();
        if (text.isEmpty()) {
            throw content.wrong("must not be empty");
        }
        if (text.length() > MOST_CONTENT) {
            throw content.wrong("has " + text.length() + " characters; allowed are " + MOST_CONTENT);
        }
        return new TextFile(safe, text);
    }

    @Override
    public Kind kind() {
        return Kind.FILE;
    }

    @Override
    public String reference() {
        return name;
    }

    @Override
    public ObjectNode toJson() {
        return JsonNodeFactory.instance.objectNode().put("name", name).put("content", content);
    }
}
