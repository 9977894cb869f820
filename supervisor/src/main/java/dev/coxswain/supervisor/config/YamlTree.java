package dev.coxswain.supervisor.config;

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
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Builds {@link YamlNode}s from the parser's events, without recursion. Bounded: {@value #MAX_DEPTH} levels and
 * {@value #MAX_NODES} nodes with aliases written out, so that neither deep nesting nor aliases of aliases can exhaust
 * the JVM. Merge keys, tags and a second document are refused.
 */
final class YamlTree {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_NODES = 200_000;

    private final String file;
    private final Problems problems;
    private final Deque<YamlFrame> open = new ArrayDeque<>();
    private final Map<Anchor, YamlNode> anchored = new HashMap<>();
    private @Nullable YamlNode root;
    private int documents;

    private YamlTree(String file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /** The file's one document; null when there is none or when its syntax is wrong, which is then a problem. */
    static @Nullable YamlNode parse(String file, String text, Problems problems) {
        YamlTree tree = new YamlTree(file, problems);
        try {
            LoadSettings settings = LoadSettings.builder().setLabel(file).build();
            for (Event event : new Parse(settings).parseString(text)) {
                if (!tree.accept(event)) {
                    return null;
                }
            }
        } catch (ReaderException e) {
            problems.error(tree.placeOf(text, e.getPosition()), "", "a character that YAML does not allow", null);
            return null;
        } catch (YamlEngineException e) {
            tree.syntax(e, text);
            return null;
        }
        return tree.root;
    }

    /** False when there is no point in reading on. */
    private boolean accept(Event event) {
        if (event instanceof DocumentStartEvent && ++documents > 1) {
            return stop(place(event), "a second document; only one is allowed");
        }
        if (tagged(event)) {
            problems.error(place(event), path(), "tags are not allowed", "put a text that begins with ! in quotes");
        }
        return switch (event) {
            case ScalarEvent text -> complete(text.getAnchor(),
                    new YamlNode.Text(place(text), text.getValue(), text.isPlain()));
            case MappingStartEvent start -> open(new YamlFrame(place(start), path(), true, start.getAnchor()));
            case SequenceStartEvent start -> open(new YamlFrame(place(start), path(), false, start.getAnchor()));
            case CollectionEndEvent end -> {
                YamlFrame frame = open.pop();
                yield complete(frame.anchor(), frame.close());
            }
            case AliasEvent alias -> alias(alias);
            default -> true; // starts and ends of stream and document
        };
    }

    private boolean open(YamlFrame frame) {
        open.push(frame);
        return open.size() < MAX_DEPTH || stop(frame.place(), "nested deeper than " + MAX_DEPTH + " levels");
    }

    private boolean alias(AliasEvent alias) {
        YamlNode target = anchored.get(alias.getAlias());
        if (target == null) {
            // an anchor that is still open would be a part of itself
            return stop(place(alias), "an alias (*) of something that is not defined before it");
        }
        if (target.height() + open.size() > MAX_DEPTH) {
            return stop(place(alias), "nested deeper than " + MAX_DEPTH + " levels by aliases");
        }
        return complete(Optional.empty(), target);
    }

    private boolean complete(Optional<Anchor> anchor, YamlNode node) {
        anchor.ifPresent(name -> anchored.put(name, node));
        YamlFrame parent = open.peek();
        if (parent == null) {
            root = node;
        } else {
            parent.add(node, problems);
            if (parent.size() > MAX_NODES) {
                return stop(node.place(), "more than " + MAX_NODES + " values");
            }
        }
        return true;
    }

    private static boolean tagged(Event event) {
        return switch (event) {
            case ScalarEvent text -> text.getTag().isPresent();
            case MappingStartEvent start -> start.getTag().isPresent();
            case SequenceStartEvent start -> start.getTag().isPresent();
            default -> false;
        };
    }

    private String path() {
        YamlFrame frame = open.peek();
        return frame == null ? "" : frame.childPath();
    }

    private boolean stop(Place place, String message) {
        problems.error(place, path(), message, null);
        return false;
    }

    private Place place(Event event) {
        return event.getStartMark().map(this::place).orElse(new Place(file, 0, 0));
    }

    private Place place(Mark mark) {
        return new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private Place placeOf(String text, int position) {
        int end = Math.min(Math.max(position, 0), text.length());
        String before = text.substring(0, end);
        int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
        return new Place(file, line, end - before.lastIndexOf('\n'));
    }

    private void syntax(YamlEngineException e, String text) {
        Place place = new Place(file, 0, 0);
        String message = "not YAML";
        String hint = null;
        if (e instanceof MarkedYamlEngineException marked) {
            String said = String.valueOf(marked.getProblem());
            // the parser names a tag handle, which may be the head of an unquoted secret
            message += said.contains("tag handle") ? ": an unknown tag" : ": " + said.strip();
            Optional<Mark> mark = marked.getProblemMark().or(marked::getContextMark);
            place = mark.map(this::place).orElse(place);
            hint = syntaxHint(said, text, mark.map(Mark::getLine).orElse(0));
        }
        problems.error(place, "", message, hint);
    }

    private static @Nullable String syntaxHint(String said, String text, int line) {
        String written = text.lines().skip(line).findFirst().orElse("");
        if (written.contains("${")) {
            return "inside { } and [ ] put ${…} in quotes";
        }
        if (said.contains("TAB") || written.indexOf('\t') >= 0) {
            return "indent with spaces, not with tabs";
        }
        return null;
    }
}
