package dev.coxswain.executors.responses;

import java.util.List;
import java.util.stream.Collectors;

import dev.coxswain.executors.deliverable.Placeholder;

/** What the models are told. */
final class Prompts {
    static final String INSTRUCTIONS = """
            You work on a request in a shared workspace. What you write in the end is shown to the user as your one message, \
            as Markdown, at most 24,000 characters long.

            With the tools you can attach deliverables: text files, charts, tables, lists, checklists and SVG pictures. \
            Attach one where it helps the reader more than prose does, and none where it does not. A tool answers with JSON: \
            when ok is false, detail says what was wrong; correct it and call the tool again. An id or file name is used once.

            To show a deliverable inside your message, write a placeholder on a line of its own: {{artifact:KIND:REFERENCE}}, \
            where KIND is chart, table, file, svg, list or checklist, and REFERENCE is the deliverable's id, for a file its \
            name. Cite only deliverables that a tool has accepted.

            Call the tools first; write the message when everything is attached.
            """;

    static final String SUMMARY = """
            Summarise the earlier part of a conversation so that somebody can carry on with it who reads nothing else of it. \
            Keep decisions, facts, names, numbers, open questions and what the user asked for; leave out pleasantries and \
            what was overtaken later. Write plain text in the language of the conversation, at most 3,000 words.
            """;

    private Prompts() {}

    /** Asks for what a message cites and nobody made. */
    static String repair(List<Placeholder> missing) {
        return "Your message cites deliverables that do not exist: "
                + missing.stream().map(Placeholder::text).collect(Collectors.joining(", "))
                + ". Attach each of them with its tool, under exactly that reference, or leave its placeholder out. "
                + "Then write the whole message again.";
    }
}
