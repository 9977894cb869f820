package dev.coxswain.supervisor.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What reading one file needs.
 *
 * @param file the file as the user named it, for messages
 * @param folder the file's folder, absolute: relative names in the file are resolved against it
 * @param problems where everything wrong goes
 * @param substitution puts <code>${…}</code> in
 * @param secretFiles files, absolute, that are named for the secrets in them
 */
record Reader(String file, Path folder, Problems problems, Substitution substitution, Set<Path> secretFiles) {
    Reader(String file, Path folder, Problems problems, Substitution substitution) {
        this(file, folder, problems, substitution, new LinkedHashSet<>());
    }

    /** Every file that was read: each of them may hold a secret, the configuration itself as well. */
    List<Path> filesRead() {
        List<Path> all = new ArrayList<>(secretFiles);
        all.addAll(substitution.files());
        all.add(folder.resolve(Path.of(file).getFileName()));
        return all;
    }

    /** The text of a single value with everything put in; null when it is none, which is then a problem. */
    Substitution.@Nullable Result text(YamlNode node, String path, String title) {
        switch (node) {
            case YamlNode.Text text when text.isNothing() -> nothing(node, path);
            case YamlNode.Text text -> {
                try {
                    return substitution.apply(text.value());
                } catch (Refused e) {
                    problems.error(node.place(), path, e.text(), e.hint());
                }
            }
            case YamlNode.Items items -> problems.error(node.place(), path, "must be " + title + ", not a list", null);
            case YamlNode.Entries entries -> problems.error(node.place(), path,
                    "must be " + title + ", not a mapping", null);
        }
        return null;
    }

    /** The mapping; null when it is something else, which is then a problem. */
    YamlNode.@Nullable Entries entries(YamlNode node, String path) {
        return switch (node) {
            case YamlNode.Entries entries -> entries;
            case YamlNode.Text text when text.isNothing() -> {
                nothing(node, path);
                yield null;
            }
            case YamlNode.Text text -> {
                problems.error(node.place(), path, "must be a mapping of keys, not a single value", null);
                yield null;
            }
            case YamlNode.Items items -> {
                problems.error(node.place(), path, "must be a mapping of keys, not a list", null);
                yield null;
            }
        };
    }

    /** Whether everybody on this host can read the configuration itself. */
    boolean isWorldReadable() {
        return TextFile.isWorldReadable(folder.resolve(Path.of(file).getFileName()));
    }

    private void nothing(YamlNode node, String path) {
        problems.error(node.place(), path, "has no value", "give it one or remove the key; \"\" is an empty text");
    }
}
