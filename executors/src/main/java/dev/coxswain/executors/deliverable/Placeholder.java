package dev.coxswain.executors.deliverable;

/** A mark in a message where a deliverable is to be shown (contract xenonflare-workspace 7). */
public record Placeholder(Kind kind, String reference) {
    /** As it stands in a message. */
    public String text() {
        return "{{artifact:" + kind.word() + ":" + reference + "}}";
    }

    /** As errors name it: {@code kind:reference}. */
    @Override
    public String toString() {
        return kind.word() + ":" + reference;
    }
}
