package dev.coxswain.executors.deliverable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code {id, kind: "checklist", title?, items: [{id, label, checked}]}}. */
record Checklist(String id, @Nullable String title, List<Item> items) implements Deliverable {
    private static final int MOST_ITEMS = 64;
    private static final int MOST_ITEM_ID = 48;
    private static final int MOST_LABEL = 320;

    /** One thing to tick. */
    record Item(String id, String label, boolean checked) {}

    static Checklist read(Place checklist) throws InvalidDeliverableException {
        checklist.object().kind("checklist");
        List<Item> items = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (Place place : checklist.at("items").elements(1, MOST_ITEMS, "items")) {
            Item item = new Item(place.object().plainId(MOST_ITEM_ID), place.at("label").words(MOST_LABEL),
                    Json.isTrue(place.at("checked")));
            if (!ids.add(item.id().toLowerCase(Locale.ROOT))) {
                throw place.at("id").wrong("is " + Place.quote(item.id())
                        + ", which an earlier item of this checklist has (case does not count)");
            }
            items.add(item);
        }
        return new Checklist(checklist.plainId(), checklist.title(), List.copyOf(items));
    }

    @Override
    public Kind kind() {
        return Kind.CHECKLIST;
    }

    @Override
    public String reference() {
        return id;
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode json = Json.titled(id, "checklist", title);
        ArrayNode all = json.putArray("items");
        for (Item item : items) {
            all.addObject().put("id", item.id()).put("label", item.label()).put("checked", item.checked());
        }
        return json;
    }
}
