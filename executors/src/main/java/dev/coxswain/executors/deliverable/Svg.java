package dev.coxswain.executors.deliverable;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

/** {@code {id, title?, content}}; an svg has no kind. */
record Svg(String id, @Nullable String title, String content) implements Deliverable {
    private static final int MOST_CONTENT = 64_000;
    private static final int MOST_AROUND = 16;
    /** A word ends where no letter, digit or {@code _} of ASCII follows, as in JavaScript (trap 7). */
    private static final Pattern FORBIDDEN = Pattern
            .compile("<(?:script|foreignObject|iframe|embed|object)(?![A-Za-z0-9_])|javascript:",
                    Pattern.CASE_INSENSITIVE);

    static Svg read(Place svg) throws InvalidDeliverableException {
        String id = svg.object().plainId();
        Place content = svg.at("content");
        String text = JsText.trim(content.text());
        if (text.length() > MOST_CONTENT) {
            // the control plane would cut it, and half a picture is none
            throw content.wrong("has " + text.length() + " characters; allowed are " + MOST_CONTENT);
        }
        if (!text.contains("<svg")) {
            throw content.wrong("has no \"<svg\" in it (small letters)");
        }
        Matcher forbidden = FORBIDDEN.matcher(text);
        if (forbidden.find()) {
            throw content.wrong("must not contain " + Place.quote(forbidden.group()) + ", which stands at character "
                    + (forbidden.start() + 1));
        }
        refuseHandler(content, text);
        return new Svg(id, svg.title(), text);
    }

    /**
     * The letters {@code on}, more word characters and {@code =}, wherever they stand (trap 6). Looks back from each
     * {@code =} and so at no character twice, which a pattern would.
     */
    private static void refuseHandler(Place content, String text) throws InvalidDeliverableException {
        for (int equals = text.indexOf('='); equals >= 0; equals = text.indexOf('=', equals + 1)) {
            int end = equals;
            while (end > 0 && JsText.isBlank(text.charAt(end - 1))) {
                end--;
            }
            int start = end;
            while (start > 0 && isWord(text.charAt(start - 1))) {
                start--;
            }
            // not by a copy in small letters: that of "İ" is longer, and every place behind it would be another one
            int on = start;
            while (on + 2 < end && !text.regionMatches(true, on, "on", 0, 2)) {
                on++;
            }
            if (on + 2 < end) {
                String hit = text.substring(on, equals + 1);
                String around = text.substring(Math.max(start, on - MOST_AROUND), equals + 1);
                throw content.wrong("must not contain \"on\", letters or digits, and \"=\" in a row, as in "
                        + Place.quote(hit) + " of " + Place.quote(around) + " at character " + (on + 1)
                        + "; this holds for plain text and harmless attributes too: say it otherwise");
            }
        }
    }

    private static boolean isWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }

    @Override
    public Kind kind() {
        return Kind.SVG;
    }

    @Override
    public String reference() {
        return id;
    }

    @Override
    public ObjectNode toJson() {
        return Json.titled(id, null, title).put("content", content);
    }
}
