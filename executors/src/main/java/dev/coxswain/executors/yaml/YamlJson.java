package dev.coxswain.executors.yaml;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads one YAML document as JSON, from the parser's events and without recursion. Every scalar is a text as it was written,
 * so that a version like 3.10 stays what it is; a plain nothing is null. Refused: nesting deeper than {@value #MAX_DEPTH}
 * levels, a key twice, tags, a second document. An alias shares what it names, so that aliases of aliases cost nothing.
 */
public final class YamlJson {
    private static final int MAX_DEPTH = 16;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final String file;
    private final Deque<Frame> open = new ArrayDeque<>();
    private final Map<Anchor, JsonNode> anchored = new HashMap<>();
    private @Nullable JsonNode root;
    private int documents;

    private static final class Frame {
        final JsonNode node;
        final Optional<Anchor> anchor;
        @Nullable
        String key;

        Frame(JsonNode node, Optional<Anchor> anchor) {
            this.node = node;
            this.anchor = anchor;
        }
    }

    private YamlJson(String file) {
        this.file = file;
    }

    /**
     * The document; null when there is none.
     *
     * @param file named in messages
     * @throws YamlRefusedException when it is no YAML or none that is allowed
     */
    public static @Nullable JsonNode parse(String file, String text) {
        YamlJson yaml = new YamlJson(file);
        try {
            LoadSettings settings = LoadSettings.builder().setLabel(file).build();
            for (Event event : new Parse(settings).parseString(text)) {
                yaml.accept(event);
            }
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
            throw yaml.refused(mark, "is not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw yaml.refused(Optional.empty(), "is not YAML: it holds a character that is not allowed");
        }
        return yaml.root;
    }

    private void accept(Event event) {
        if (event instanceof DocumentStartEvent && ++documents > 1) {
            throw refused(event.getStartMark(), "holds a second document; only one is allowed");
        }
        switch (event) {
            case AliasEvent alias -> add(alias, aliased(alias));
            case ScalarEvent scalar -> {
                untagged(scalar, scalar.getTag());
                add(scalar, keep(scalar.getAnchor(), value(scalar)));
            }
            case MappingStartEvent start -> {
                untagged(start, start.getTag());
                push(start, NODES.objectNode());
            }
            case SequenceStartEvent start -> {
                untagged(start, start.getTag());
                push(start, NODES.arrayNode());
            }
            case CollectionEndEvent end -> {
                Frame frame = open.pop();
                add(end, keep(frame.anchor, frame.node));
            }
            default -> {
                // starts and ends of stream and document
            }
        }
    }

    private void push(NodeEvent start, JsonNode node) {
        open.push(new Frame(node, start.getAnchor()));
        if (open.size() > MAX_DEPTH) {
            throw refused(start.getStartMark(), "is nested deeper than " + MAX_DEPTH + " levels");
        }
    }

    private JsonNode keep(Optional<Anchor> anchor, JsonNode node) {
        anchor.ifPresent(name -> anchored.put(name, node));
        return node;
    }

    private JsonNode aliased(AliasEvent alias) {
        JsonNode target = anchored.get(alias.getAlias());
        if (target == null) {
            // an anchor that is still open would be a part of itself
            throw refused(alias.getStartMark(), "has an alias (*) of something that is not defined before it");
        }
        return target;
    }

    private void add(Event event, JsonNode node) {
        Frame frame = open.peek();
        if (frame == null) {
            root = node;
        } else if (frame.node instanceof ArrayNode array) {
            array.add(node);
        } else if (frame.key == null) {
            frame.key = key(event, (ObjectNode) frame.node, node);
        } else {
            ((ObjectNode) frame.node).set(frame.key, node);
            frame.key = null;
        }
    }

    private String key(Event event, ObjectNode object, JsonNode node) {
        if (!node.isString()) {
            throw refused(event.getStartMark(), "has a key that is no text");
        }
        String key = node.stringValue();
        if (object.has(key)) {
            throw refused(event.getStartMark(), "has the key " + key + " a second time in the same place");
        }
        return key;
    }

    private static JsonNode value(ScalarEvent scalar) {
        String text = scalar.getValue();
        boolean nothing = scalar.isPlain() && (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null"));
        return nothing ? NODES.nullNode() : NODES.stringNode(text);
    }

    private void untagged(Event event, Optional<?> tag) {
        if (tag.isPresent()) {
            throw refused(event.getStartMark(), "has a tag (!), which is not allowed; put such a text in quotes");
        }
    }

    private YamlRefusedException refused(Optional<Mark> mark, String what) {
        String place = mark.map(at -> file + ", line " + (at.getLine() + 1) + ",").orElse(file);
        return new YamlRefusedException(place + " " + what);
    }
}
