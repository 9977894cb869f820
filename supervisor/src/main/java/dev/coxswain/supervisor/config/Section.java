package dev.coxswain.supervisor.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * One mapping of the file read by its declaration: unknown, later and missing keys are problems already, and every value
 * has been read once.
 */
final class Section {
    private final Reader reader;
    private final Place place;
    private final String path;
    private final boolean broken;
    private final Map<String, YamlNode.Entry> entries = new HashMap<>();
    private final Map<String, Object> values = new HashMap<>();

    private Section(Reader reader, Place place, String path, boolean broken) {
        this.reader = reader;
        this.place = place;
        this.path = path;
        this.broken = broken;
    }

    /** Reads the mapping; null when the key that decides about the others is wrong. */
    static @Nullable Section open(Reader reader, ConfigKeys keys, YamlNode.Entries written, String path) {
        Section section = new Section(reader, written.place(), path, false);
        for (YamlNode.Entry entry : written.entries()) {
            section.entries.put(entry.key(), entry);
        }
        ConfigKey<String> kind = keys.kind();
        if (kind != null && section.isWritten(kind) && section.read(kind) == null) {
            return null;
        }
        section.refuseUnknown(keys, written);
        for (ConfigKey<?> key : keys.keys()) {
            section.readOrMiss(key);
        }
        return section;
    }

    /** Stands for a section that could not be read: has only defaults, and asks for nothing more. */
    static Section broken(Reader reader, Place place, String path) {
        return new Section(reader, place, path, true);
    }

    /** Whether the section could not be read at all. */
    boolean isBroken() {
        return broken;
    }

    Place place() {
        return place;
    }

    String path() {
        return path;
    }

    String path(ConfigKey<?> key) {
        return KeyPath.child(path, key.name());
    }

    /** Where the key's value stands; where the section begins when it is absent. */
    Place place(ConfigKey<?> key) {
        YamlNode.Entry entry = entries.get(key.name());
        return entry == null ? place : entry.value().place();
    }

    boolean isWritten(ConfigKey<?> key) {
        return entries.containsKey(key.name());
    }

    /** Whether a text in the key's value, as it is written in the file, is such a one. */
    boolean anyWritten(ConfigKey<?> key, Predicate<String> such) {
        YamlNode.Entry entry = entries.get(key.name());
        return entry != null && anyText(entry.value(), such);
    }

    /** The value; null when it is absent or wrong. */
    @SuppressWarnings("unchecked") // only read(ConfigKey<T>) puts a value under the key's name
    <T> @Nullable T find(ConfigKey<T> key) {
        return (T) values.get(key.name());
    }

    /** The value, or the key's default when it is absent or wrong. */
    <T> T get(ConfigKey<T> key) {
        T value = find(key);
        if (value != null) {
            return value;
        }
        T fallback = key.fallback();
        if (fallback == null) {
            throw new IllegalStateException(key.name() + " is declared without a default");
        }
        return fallback;
    }

    /** The section below the key, an empty one when it is absent. */
    Section below(ConfigKey<Section> key) {
        Section section = find(key);
        return section != null ? section : new Section(reader, place(key), path(key), isWritten(key));
    }

    /** The file that the key names, absolute; null when it is absent or wrong. */
    @Nullable
    Path file(ConfigKey<String> key) {
        String name = find(key);
        return name == null ? null : reader.folder().resolve(name).normalize();
    }

    /** The same for a file that holds secrets, which sandboxes hide. */
    @Nullable
    Path secretFile(ConfigKey<String> key) {
        Path file = file(key);
        if (file != null) {
            reader.secretFiles().add(file);
        }
        return file;
    }

    void refuse(ConfigKey<?> key, String message, @Nullable String hint) {
        reader.problems().error(place(key), path(key), message, hint);
    }

    void warn(ConfigKey<?> key, String message, @Nullable String hint) {
        reader.problems().warn(place(key), path(key), message, hint);
    }

    private static boolean anyText(YamlNode node, Predicate<String> such) {
        return switch (node) {
            case YamlNode.Text text -> such.test(text.value());
            case YamlNode.Items items -> items.items().stream().anyMatch(item -> anyText(item, such));
            case YamlNode.Entries map -> map.entries().stream().anyMatch(entry -> anyText(entry.value(), such));
        };
    }

    private <T> void readOrMiss(ConfigKey<T> key) {
        if (isWritten(key)) {
            read(key);
        } else if (key.required()) {
            reader.problems().error(place, path(key), "is missing", key.meaning());
        }
    }

    private <T> @Nullable T read(ConfigKey<T> key) {
        T known = find(key);
        YamlNode.Entry entry = entries.get(key.name());
        if (known != null || entry == null) {
            return known;
        }
        T value = key.shape().read(reader, entry.value(), path(key));
        if (value != null) {
            values.put(key.name(), value);
        }
        return value;
    }

    private void refuseUnknown(ConfigKeys keys, YamlNode.Entries written) {
        Set<String> names = keys.names();
        Set<String> absent = names.stream().filter(name -> !entries.containsKey(name)).collect(Collectors.toSet());
        for (YamlNode.Entry entry : written.entries()) {
            String word = entry.key();
            if (names.contains(word)) {
                continue;
            }
            String child = KeyPath.child(path, word);
            if (keys.later().contains(word)) {
                reader.problems().error(entry.place(), child, word + " is not in this version",
                        "remove it: it would have no effect");
            } else if (word.equals("<<")) {
                reader.problems().error(entry.place(), child, "merge keys are not supported",
                        "an alias may stand for a whole value only");
            } else {
                String near = Suggestion.didYouMean(word, absent);
                // a word that looks like no key at all may be a token in the wrong place
                boolean wordy = near != null || word.matches("[A-Za-z]{1,24}");
                reader.problems().error(entry.place(), wordy ? child : KeyPath.child(path, "…"), "unknown key", near);
            }
        }
    }
}
