package dev.coxswain.supervisor.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.Anchor;

/** A mapping or a list of the file that is still being read. */
final class YamlFrame {
    private final Place place;
    private final String path;
    private final boolean mapping;
    private final Optional<Anchor> anchor;
    private final List<YamlNode.Entry> entries = new ArrayList<>();
    private final List<YamlNode> items = new ArrayList<>();
    private final Map<String, Place> keys = new HashMap<>();
    private YamlNode.@Nullable Text key;
    private boolean skipValue;
    private int size = 1;
    private int height = 1;

    YamlFrame(Place place, String path, boolean mapping, Optional<Anchor> anchor) {
        this.place = place;
        this.path = path;
        this.mapping = mapping;
        this.anchor = anchor;
    }

    Place place() {
        return place;
    }

    Optional<Anchor> anchor() {
        return anchor;
    }

    int size() {
        return size;
    }

    String childPath() {
        if (!mapping) {
            return KeyPath.item(path, items.size());
        }
        return key == null ? path : KeyPath.child(path, key.value());
    }

    void add(YamlNode node, Problems problems) {
        size += node.size();
        height = Math.max(height, node.height() + 1);
        if (!mapping) {
            items.add(node);
        } else if (skipValue) {
            skipValue = false;
        } else if (key == null) {
            key(node, problems);
        } else {
            entries.add(new YamlNode.Entry(key.value(), key.place(), node));
            key = null;
        }
    }

    YamlNode close() {
        return mapping
                ? new YamlNode.Entries(place, List.copyOf(entries), size, height)
                : new YamlNode.Items(place, List.copyOf(items), size, height);
    }

    private void key(YamlNode node, Problems problems) {
        if (!(node instanceof YamlNode.Text text) || text.isNothing()) {
            problems.error(node.place(), path, "a key must be a text", null);
            skipValue = true;
            return;
        }
        Place first = keys.putIfAbsent(text.value(), text.place());
        if (first != null) {
            problems.error(text.place(), KeyPath.child(path, text.value()), "a second time in the same place",
                    "the first one is in line " + first.line());
            skipValue = true;
            return;
        }
        key = text;
    }
}
