package dev.coxswain.executors.deliverable;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

/** {@code {id, kind: "list", title?, ordered?: true, items}}. */
record ItemList(String id, @Nullable String title, boolean ordered, List<String> items) implements Deliverable {
    private static final int MOST_ITEMS = 48;
    private static final int MOST_ITEM = 512;

    static ItemList read(Place list) throws InvalidDeliverableException {
        list.object().kind("list");
        List<String> items = new ArrayList<>();
        for (Place item : list.at("items").elements(1, MOST_ITEMS, "items")) {
            items.add(item.words(MOST_ITEM));
        }
        return new ItemList(list.plainId(), list.title(), Json.isTrue(list.at("ordered")), List.copyOf(items));
    }

    @Override
    public Kind kind() {
        return Kind.LIST;
    }

    @Override
    public String reference() {
        return id;
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode json = Json.titled(id, "list", title);
        if (ordered) {
            json.put("ordered", true);
        }
        items.forEach(json.putArray("items")::add);
        return json;
    }
}
