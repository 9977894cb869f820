package dev.coxswain.executors.deliverable;

import java.util.List;
import java.util.stream.Collectors;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The whole answer to a workspace job, checked: its message and its deliverables. */
public final class Answer {
    /** The longest message, in UTF-16 units after trimming; a longer one is refused and not cut. */
    public static final int MOST_MESSAGE = 24_000;
    private static final String MESSAGE = "assistantMessage";
    private static final String WORKSPACE_ID = "workspaceId";

    private final String assistantMessage;
    private final Deliverables deliverables;

    private Answer(String assistantMessage, Deliverables deliverables) {
        this.assistantMessage = assistantMessage;
        this.deliverables = deliverables;
    }

    /**
     * Checks a message against its deliverables: trims it, puts the names in its placeholders that the deliverables have.
     *
     * @throws InvalidDeliverableException when it is too long, cites a deliverable that is not there
     *         ({@code deliverable_placeholder_mismatch: kind:id, …}), or there is neither message nor deliverable
     */
    public static Answer of(String assistantMessage, Deliverables deliverables) throws InvalidDeliverableException {
        String message = JsText.trim(JsText.whole(assistantMessage));
        if (message.length() > MOST_MESSAGE) {
            throw new InvalidDeliverableException(
                    MESSAGE + " has " + message.length() + " characters; allowed are " + MOST_MESSAGE);
        }
        if (message.isEmpty() && deliverables.isEmpty()) {
            throw new InvalidDeliverableException(MESSAGE + " is empty, and there is no deliverable");
        }
        String rewritten = Placeholders.rewrite(message, deliverables);
        List<Placeholder> missing = Placeholders.missing(rewritten, deliverables);
        if (!missing.isEmpty()) {
            throw new InvalidDeliverableException("deliverable_placeholder_mismatch: "
                    + missing.stream().map(Placeholder::toString).collect(Collectors.joining(", ")));
        }
        return new Answer(rewritten, deliverables);
    }

    /**
     * Reads what a command left: the body of the final report without its {@code workspaceId}; every array may be missing.
     * Keys that the report has not are refused, because what they hold would be lost.
     */
    public static Answer read(JsonMapper mapper, String document) throws InvalidDeliverableException {
        JsonNode root;
        try {
            root = mapper.readTree(document);
        } catch (JacksonException e) {
            // its message may quote the document
            throw new InvalidDeliverableException("the result is no valid JSON");
        }
        if (!root.isObject()) {
            throw new InvalidDeliverableException("the result must be a JSON object");
        }
        refuseUnknown(root);
        Deliverables all = Deliverables.none();
        for (Kind kind : Kind.values()) {
            JsonNode array = root.path(kind.wireName());
            if (array.isMissingNode() || array.isNull()) {
                continue;
            }
            for (Place one : new Place(kind.wireName(), array).elements(0, kind.mostPerJob(), kind.wireName())) {
                Deliverable deliverable = DeliverableReader.read(kind, one.path(), one.value());
                try {
                    all = all.with(deliverable);
                } catch (InvalidDeliverableException e) {
                    throw new InvalidDeliverableException(one.path() + ": " + e.getMessage());
                }
            }
        }
        JsonNode message = root.path(MESSAGE);
        return of(message.isMissingNode() || message.isNull() ? "" : new Place(MESSAGE, message).text(), all);
    }

    private static void refuseUnknown(JsonNode root) throws InvalidDeliverableException {
        for (String name : root.propertyNames()) {
            boolean known = name.equals(MESSAGE) || name.equals(WORKSPACE_ID);
            for (Kind kind : Kind.values()) {
                known |= name.equals(kind.wireName());
            }
            if (!known) {
                throw new InvalidDeliverableException("the result has the key " + Place.quote(name) + "; allowed are "
                        + MESSAGE + ", files, charts, datasets (the tables), svgs, lists and checklists");
            }
        }
    }

    public String assistantMessage() {
        return assistantMessage;
    }

    public Deliverables deliverables() {
        return deliverables;
    }

    /** The body of the final report without its {@code workspaceId}; all arrays are there, empty when unused. */
    public ObjectNode toBody() {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put(MESSAGE, assistantMessage);
        for (Kind kind : Kind.values()) {
            ArrayNode array = body.putArray(kind.wireName());
            deliverables.of(kind).forEach(deliverable -> array.add(deliverable.toJson()));
        }
        return body;
    }

    /** Says nothing of the answer: it is the user's. */
    @Override
    public String toString() {
        return "Answer[characters=" + assistantMessage.length() + ", deliverables=" + deliverables.size() + "]";
    }
}
