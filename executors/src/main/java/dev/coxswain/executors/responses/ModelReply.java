package dev.coxswain.executors.responses;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A completed answer of the model.
 *
 * @param id what a later request can refer to; null when the server gives none, or says that it stores nothing
 * @param ignoredReference whether the request referred to an earlier answer and the server says that it did not look
 * @param text the text parts, joined; empty when there are none
 * @param refused whether the model declined to answer
 * @param calls the tools that it wants used; none means that the text is its answer
 */
record ModelReply(@Nullable String id, boolean ignoredReference, String text, boolean refused, List<ToolCall> calls,
        TokenUsage usage) {
    ModelReply {
        calls = List.copyOf(calls);
    }

    /** Says nothing of the conversation. */
    @Override
    public String toString() {
        return "ModelReply[characters=" + text.length() + ", calls=" + calls.size() + "]";
    }
}
