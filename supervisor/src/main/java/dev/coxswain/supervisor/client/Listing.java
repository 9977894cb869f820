package dev.coxswain.supervisor.client;

import java.util.List;
import java.util.Map;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Items of all pages that were asked for.
 *
 * @param items as the supervisor gave them
 * @param total how many there are
 */
public record Listing(List<JsonNode> items, int total) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** {@code {"items": […], "total": n}}. */
    public String json() {
        return JSON.writeValueAsString(Map.of("items", items, "total", total));
    }

    /** Whether there is more than was asked for. */
    public boolean isCut() {
        return items.size() < total;
    }
}
