package dev.coxswain.supervisor.controlplane.xenonflare;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.Briefing;
import dev.coxswain.executors.deliverable.JsText;
import dev.coxswain.supervisor.controlplane.UnusableJobException;
import tools.jackson.databind.JsonNode;

/**
 * A checked context object (contract xenonflare-workspace 3) and what becomes of it (4).
 *
 * @param legacyIdea the whole prompt when there are no messages
 * @param prior the earlier messages' ids, from the first to the last; null when there are none
 * @param stored the summary that the control plane keeps; null when there is none
 * @param storedCovers whether that summary may stand for the earlier messages
 */
record WorkspaceContext(@Nullable String title, @Nullable String legacyIdea, boolean hasMessages, String recentText,
        String priorText, @Nullable Span prior, boolean priorIsLong, @Nullable String stored, boolean storedCovers) {
    /** What a job is failed with whose context does not fit; the words are the contract's. */
    static final String INVALID = "invalid_runner_context_payload";
    private static final String EMPTY = "empty_context";
    private static final String RULE = "\n\n---\n\n";
    private static final String EARLIER = "### Earlier in this workspace\n\n";
    private static final String RECENT = "### Latest messages\n\n";

    /** The first and the last of the messages that a summary stands for. */
    record Span(String fromMessageId, String throughMessageId) {}

    /** What does not fit, for the log: it names the place and never shows the conversation. */
    static final class Misfit extends Exception {
        Misfit(String problem) {
            super(problem);
        }
    }

    /** Reads a context; every field that the contract has must be there and of its kind, others are ignored. */
    static WorkspaceContext read(JsonNode context) throws Misfit {
        Fields fields = new Fields("", context);
        fields.text("workspaceId");
        fields.number("recentTokenEstimate");
        fields.number("priorTokenEstimate");
        messages(context, "recentMessages");
        List<String> prior = messages(context, "priorMessages");
        return new WorkspaceContext(fields.textOrNull("title"), fields.textOrNull("legacyIdea"),
                fields.number("messageCount") != 0, fields.text("recentText"), fields.text("priorTextVerbatim"),
                prior.isEmpty() ? null : new Span(prior.getFirst(), prior.getLast()),
                fields.flag("priorNeedsSummarization"), stored(context),
                fields.flag("storedSummaryCoversPrior"));
    }

    /** The ids. */
    private static List<String> messages(JsonNode context, String field) throws Misfit {
        JsonNode messages = context.path(field);
        if (!messages.isArray()) {
            throw new Misfit(field + " is no array");
        }
        List<String> ids = new ArrayList<>(messages.size());
        for (JsonNode message : messages.values()) {
            Fields fields = new Fields(field + "[" + ids.size() + "].", message);
            if (!fields.text("role").equals("user")) {
                throw new Misfit(field + "[" + ids.size() + "].role is not user");
            }
            fields.text("text");
            fields.number("createdAtMs");
            if (message.has("subtitle")) {
                fields.text("subtitle");
            }
            ids.add(fields.text("id"));
        }
        return ids;
    }

    private static @Nullable String stored(JsonNode context) throws Misfit {
        JsonNode stored = context.path("storedPriorSummary");
        if (stored.isNull()) {
            return null;
        }
        Fields fields = new Fields("storedPriorSummary.", stored);
        fields.text("fromMessageId");
        fields.text("throughMessageId");
        return fields.text("text");
    }

    /**
     * The briefing: the title, the earlier context if any, and the latest messages. A summary is wanted only where the
     * earlier context is too long and no stored one may be used.
     *
     * @param delivered the context as it came
     * @throws UnusableJobException when there are neither messages nor an idea
     */
    Briefing briefing(String delivered) {
        String name = title == null ? "" : JsText.trim(title);
        if (!hasMessages) {
            String idea = legacyIdea == null ? "" : JsText.trim(legacyIdea);
            if (idea.isEmpty()) {
                throw new UnusableJobException(EMPTY);
            }
            return new Briefing(delivered, (name.isEmpty() ? "" : "Title: " + name + "\n\n") + idea, "", "", false);
        }
        String before = name.isEmpty() ? "" : "Title: " + name + RULE;
        String reused = storedCovers ? stored : null;
        boolean wanted = prior != null && priorIsLong && reused == null && !JsText.trim(priorText).isEmpty();
        String earlier = prior == null ? "" : priorIsLong && reused != null ? reused : priorText;
        return JsText.trim(earlier).isEmpty()
                ? new Briefing(delivered, before + RECENT + recentText, "", "", false)
                : new Briefing(delivered, before + EARLIER, earlier, RULE + RECENT + recentText, wanted);
    }

    /** Says nothing of the conversation: it is the user's. */
    @Override
    public String toString() {
        return "WorkspaceContext[characters=" + (recentText.length() + priorText.length()) + "]";
    }

    /** Reads the fields of one object. */
    private record Fields(String where, JsonNode object) {
        String text(String field) throws Misfit {
            JsonNode value = object.path(field);
            if (!value.isString()) {
                throw misfit(field, "text");
            }
            return value.stringValue();
        }

        @Nullable
        String textOrNull(String field) throws Misfit {
            return object.path(field).isNull() ? null : text(field);
        }

        double number(String field) throws Misfit {
            JsonNode value = object.path(field);
            if (!value.isNumber()) {
                throw misfit(field, "number");
            }
            return value.asDouble(Double.MAX_VALUE);
        }

        boolean flag(String field) throws Misfit {
            JsonNode value = object.path(field);
            if (!value.isBoolean()) {
                throw misfit(field, "boolean");
            }
            return value.booleanValue();
        }

        private Misfit misfit(String field, String kind) {
            return new Misfit(where + field + (object.has(field) ? " is no " + kind : " is missing"));
        }
    }
}
