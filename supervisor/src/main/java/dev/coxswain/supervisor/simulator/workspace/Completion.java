package dev.coxswain.supervisor.simulator.workspace;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.coxswain.supervisor.simulator.RefusedException;
import tools.jackson.databind.JsonNode;

/**
 * The judge of a result (contract xenonflare-workspace 6 and 7). It takes what the official runner could have sent after
 * all its trimming and cutting, and refuses everything else: where the page says nothing of the real control plane
 * (unknown fields, double names of tables and files, placeholders without a deliverable) it is on the strict side.
 */
final class Completion {
    private static final int MESSAGE = 24_000;
    private static final Set<String> FIELDS = Set.of("workspaceId", "assistantMessage", "files", "charts", "datasets",
            "svgs", "lists", "checklists");
    private static final String BLANKS = "[\\s\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]*";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{" + BLANKS + "artifact" + BLANKS + ":" + BLANKS
            + "([a-z]+)" + BLANKS + ":([^}]*)}}", Pattern.CASE_INSENSITIVE);

    private final JsonNode body;
    /** The names under which a message may cite what is there, by the kind's word. */
    private final Map<String, Set<String>> cited = new HashMap<>();
    private int deliverables;

    private Completion(JsonNode body) {
        this.body = body;
    }

    /** Checks the body of complete; what is wrong is a {@link RefusedException} that names the slice. */
    static void check(JsonNode body) {
        new Completion(body).check();
    }

    private void check() {
        for (String field : body.propertyNames()) {
            if (!FIELDS.contains(field)) {
                throw Part.refusal("body", "body", "has a field that it must not have");
            }
        }
        Part message = part("assistantMessage");
        String text = message.trimmed(MESSAGE);
        each("files", "file", 24, Deliverables::file);
        each("charts", "chart", 12, Charts::check);
        each("datasets", "table", 8, Deliverables::table);
        each("svgs", "svg", 8, Deliverables::svg);
        each("lists", "list", 12, Deliverables::list);
        each("checklists", "checklist", 8, Deliverables::checklist);
        if (JsRules.isBlank(text) && deliverables == 0) {
            throw message.bad("is empty, and there is no deliverable");
        }
        citations(message, text);
    }

    private void each(String slice, String kind, int max, Function<Part, String> rules) {
        Set<String> names = new HashSet<>();
        for (Part entry : part(slice).items(0, max)) {
            if (!names.add(JsRules.key(rules.apply(entry)))) {
                throw entry.bad("is there twice");
            }
            deliverables++;
        }
        cited.put(kind, names);
    }

    /** What is no known kind, or refers to nothing, is text. */
    private void citations(Part message, String text) {
        Matcher placeholder = PLACEHOLDER.matcher(text);
        while (placeholder.find()) {
            Set<String> names = cited.get(JsRules.key(placeholder.group(1)));
            String reference = JsRules.trim(placeholder.group(2));
            if (names != null && !reference.isEmpty() && !names.contains(JsRules.key(reference))) {
                throw message.bad("cites a " + JsRules.key(placeholder.group(1)) + " that is not there");
            }
        }
    }

    private Part part(String slice) {
        return new Part(slice, slice, body.path(slice));
    }
}
