package dev.coxswain.executors.deliverable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Finds the placeholders of a message. One with an unknown kind or without a reference is plain text; a deliverable that
 * none cites is fine.
 */
public final class Placeholders {
    private static final String GAP = JsText.BLANK + "*+";
    private static final Pattern FORM = Pattern.compile("\\{\\{" + GAP + "artifact" + GAP + ":" + GAP
            + "(chart|table|file|svg|list|checklist)" + GAP + ":([^}]*+)\\}\\}", Pattern.CASE_INSENSITIVE);

    private Placeholders() {}

    /** All of them, in their order, with their references trimmed. */
    public static List<Placeholder> in(String message) {
        List<Placeholder> all = new ArrayList<>();
        FORM.matcher(message).results().forEach(result -> {
            Placeholder placeholder = read(result);
            if (placeholder != null) {
                all.add(placeholder);
            }
        });
        return all;
    }

    /** Those of a message that cite nothing that is there, each once. Call it after {@link #rewrite}. */
    public static List<Placeholder> missing(String message, Deliverables deliverables) {
        Map<String, Placeholder> missing = new LinkedHashMap<>();
        for (Placeholder placeholder : in(message)) {
            if (deliverables.find(placeholder.kind(), placeholder.reference()) == null) {
                missing.putIfAbsent(placeholder.toString().toLowerCase(Locale.ROOT), placeholder);
            }
        }
        return List.copyOf(missing.values());
    }

    /**
     * The message with the names that the deliverables really have: a placeholder that cites a file by the name it was given,
     * or another deliverable by an id that was cut, would count as missing (trap 5). Nothing else changes.
     */
    public static String rewrite(String message, Deliverables deliverables) {
        return FORM.matcher(message).replaceAll(result -> {
            Placeholder placeholder = read(result);
            return Matcher.quoteReplacement(placeholder == null
                    ? result.group()
                    : rewritten(result.group(), placeholder, deliverables));
        });
    }

    private static String rewritten(String text, Placeholder placeholder, Deliverables deliverables) {
        Deliverable meant = meant(placeholder, deliverables);
        return meant == null || meant.reference().equalsIgnoreCase(placeholder.reference())
                ? text
                : new Placeholder(placeholder.kind(), meant.reference()).text();
    }

    private static @Nullable Deliverable meant(Placeholder placeholder, Deliverables deliverables) {
        Deliverable exact = deliverables.find(placeholder.kind(), placeholder.reference());
        if (exact != null) {
            return exact;
        }
        String normal = placeholder.kind() == Kind.FILE
                ? SafeNames.safe(placeholder.reference())
                : JsText.trim(placeholder.reference(), Place.MOST_ID);
        return deliverables.find(placeholder.kind(), normal);
    }

    private static @Nullable Placeholder read(MatchResult result) {
        String reference = JsText.trim(result.group(2));
        if (reference.isEmpty()) {
            return null;
        }
        String word = result.group(1).toLowerCase(Locale.ROOT);
        for (Kind kind : Kind.values()) {
            if (kind.word().equals(word)) {
                return new Placeholder(kind, reference);
            }
        }
        throw new IllegalStateException("the pattern knows a kind that does not exist");
    }
}
