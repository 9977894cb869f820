package dev.coxswain.supervisor.config;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

/** What a key's value may be: how it is read, and how the JSON Schema and the reference name it. */
interface Shape<T> {
    /** The value, or null when it is wrong; the problems are then in {@code reader}. */
    @Nullable
    T read(Reader reader, YamlNode node, String path);

    /** The JSON Schema of it. */
    ObjectNode schema();

    /** Its type in the reference, for example {@code duration}. */
    String title();

    /** The keys below it; null when there are none. */
    default @Nullable ConfigKeys below() {
        return null;
    }

    /** What stands between this key's path and a key below it, for example {@code .NAME} or {@code []}. */
    default String step() {
        return "";
    }
}
