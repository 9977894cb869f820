package dev.coxswain.supervisor.config;

import java.util.List;

/** What a YAML file says, each part with its place. */
sealed interface YamlNode {
    Place place();

    /** How many nodes it consists of, with aliases written out. */
    int size();

    /** How deep it is nested; 1 for a text. */
    int height();

    /** @param plain written without quotes, so that it may also mean a number or nothing */
    record Text(Place place, String value, boolean plain) implements YamlNode {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public int height() {
            return 1;
        }

        boolean isNothing() {
            return plain && (value.isEmpty() || value.equals("~") || value.equalsIgnoreCase("null"));
        }
    }

    record Items(Place place, List<YamlNode> items, int size, int height) implements YamlNode {}

    record Entries(Place place, List<Entry> entries, int size, int height) implements YamlNode {
        static Entries none(Place place) {
            return new Entries(place, List.of(), 1, 1);
        }
    }

    /** @param place where the key stands */
    record Entry(String key, Place place, YamlNode value) {}
}
