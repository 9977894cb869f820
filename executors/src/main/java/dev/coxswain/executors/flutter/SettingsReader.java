package dev.coxswain.executors.flutter;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * Reads {@link BuildSettings} of a repository's file, where a key that is not known is an error, or of the claim, where a
 * newer control plane may say more (contract oore-ci 11). Messages name the file, the key and what is allowed there, and no
 * value.
 */
final class SettingsReader {
    private static final List<String> FILE_KEYS = List.of("version", "platforms", "flutter_version", "commands",
            "platform_build_args", "platform_commands", "env", "artifacts");
    private static final List<String> STAGES = List.of("pre_build", "build", "post_build");
    private static final List<String> PLATFORMS = List.of("android", "ios", "macos");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final String PAGE_ARTIFACTS = "build/app/outputs/flutter-apk/*.apk";

    private final String place;
    private final boolean strict;

    private SettingsReader(String place, boolean strict) {
        this.place = place;
        this.strict = strict;
    }

    /**
     * What a file of the repository says.
     *
     * @param file its name, for messages
     * @throws BuildEnd when it is not valid
     */
    static BuildSettings ofFile(String file, @Nullable JsonNode root) {
        SettingsReader reader = new SettingsReader(file, true);
        if (root == null || !root.isObject()) {
            throw reader.wrong("", "must be a mapping with the keys version and platforms at least");
        }
        reader.known(root, "", FILE_KEYS);
        String version = root.path("version").asString("");
        if (!version.equals("1")) {
            throw reader.wrong("version", "must be 1");
        }
        if (!present(root.path("platforms"))) {
            throw reader.wrong("platforms", "is missing; it must name at least one of "
                    + TargetPlatform.allWords());
        }
        List<TargetPlatform> platforms = reader.platforms(root.path("platforms"), "platforms");
        JsonNode artifacts = root.path("artifacts");
        if (!present(artifacts)) {
            return reader.settings(root, platforms, reader.patterns(defaults(platforms), "artifacts.patterns"));
        }
        reader.known(reader.mapping(artifacts, "artifacts"), "artifacts", List.of("patterns"));
        return reader.settings(root, platforms, reader.patterns(
                reader.texts(artifacts.path("patterns"), "artifacts.patterns"), "artifacts.patterns"));
    }

    /**
     * What the claim says of the page's configuration; all of its defaults when it says nothing.
     *
     * @throws BuildEnd when it is not valid
     */
    static BuildSettings ofPage(JsonNode root) {
        SettingsReader reader = new SettingsReader("ui_execution_config", false);
        if (present(root) && !root.isObject()) {
            throw reader.wrong("", "must be an object");
        }
        JsonNode artifacts = root.path("artifact_patterns");
        List<String> patterns = present(artifacts)
                ? reader.texts(artifacts, "artifact_patterns")
                : List.of(PAGE_ARTIFACTS);
        return reader.settings(root, pagePlatforms(root), reader.patterns(patterns, "artifact_patterns"));
    }

    /** The platforms of the page's configuration alone: asked for before anything else is looked at. */
    static List<TargetPlatform> pagePlatforms(JsonNode root) {
        JsonNode platforms = root.path("platforms");
        return present(platforms)
                ? new SettingsReader("ui_execution_config", false).platforms(platforms, "platforms")
                : List.of(TargetPlatform.ANDROID);
    }

    /** The selection of one run, as it was written; null when there is none. */
    static @Nullable List<TargetPlatform> selection(JsonNode selected) {
        SettingsReader reader = new SettingsReader("config_snapshot", false);
        return present(selected) ? reader.named(selected, "selected_platforms") : null;
    }

    private static List<String> defaults(List<TargetPlatform> platforms) {
        return platforms.stream().sorted().flatMap(platform -> switch (platform) {
            case ANDROID -> Stream.of(PAGE_ARTIFACTS, "build/app/outputs/bundle/**/*.aab");
            case IOS -> Stream.of("build/ios/ipa/*.ipa");
            case MACOS -> Stream.of("build/macos/Build/Products/Release/*.app");
        }).toList();
    }

    private BuildSettings settings(JsonNode root, List<TargetPlatform> platforms, List<ArtifactPattern> artifacts) {
        String version = text(root.path("flutter_version"), "flutter_version").strip();
        return new BuildSettings(platforms,
                version.isEmpty() ? null : FlutterVersion.checked(version, at("flutter_version")),
                stages(mapping(root.path("commands"), "commands")), arguments(root.path("platform_build_args")),
                commands(root.path("platform_commands")), environment(root.path("env")), artifacts);
    }

    private BuildSettings.Stages stages(JsonNode commands) {
        known(commands, "commands", STAGES);
        return new BuildSettings.Stages(stage(commands, "pre_build"), stage(commands, "build"),
                stage(commands, "post_build"));
    }

    private List<String> stage(JsonNode commands, String stage) {
        List<String> texts = texts(commands.path(stage), "commands." + stage);
        for (int i = 0; i < texts.size(); i++) {
            if (texts.get(i).isBlank()) {
                throw wrong("commands." + stage + "[" + i + "]", "must not be empty");
            }
        }
        return texts;
    }

    private Map<TargetPlatform, List<String>> arguments(JsonNode node) {
        known(mapping(node, "platform_build_args"), "platform_build_args", PLATFORMS);
        Map<TargetPlatform, List<String>> arguments = new EnumMap<>(TargetPlatform.class);
        for (TargetPlatform platform : TargetPlatform.values()) {
            arguments.put(platform, texts(node.path(platform.word()), "platform_build_args." + platform.word()));
        }
        return arguments;
    }

    private Map<TargetPlatform, String> commands(JsonNode node) {
        known(mapping(node, "platform_commands"), "platform_commands", PLATFORMS);
        Map<TargetPlatform, String> commands = new EnumMap<>(TargetPlatform.class);
        for (TargetPlatform platform : TargetPlatform.values()) {
            String command = text(node.path(platform.word()), "platform_commands." + platform.word());
            if (!command.isBlank()) {
                commands.put(platform, command);
            }
        }
        return commands;
    }

    private Map<String, String> environment(JsonNode list) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (JsonNode entry : list(list, "env")) {
            String key = "env[" + environment.size() + "]";
            if (!entry.isObject()) {
                throw wrong(key, "must have a key and a value");
            }
            known(entry, key, List.of("key", "value"));
            String name = text(entry.path("key"), key + ".key").strip();
            if (!VARIABLE.matcher(name).matches()) {
                throw wrong(key + ".key", "must be letters, digits and underscores, and begin with no digit");
            }
            if (!present(entry.path("value"))) {
                throw wrong(key + ".value", "is missing");
            }
            String value = text(entry.path("value"), key + ".value");
            if (value.indexOf('\0') >= 0) {
                throw wrong(key + ".value", "holds a NUL character, which no process can be given");
            }
            if (environment.putIfAbsent(name, value) != null) {
                throw wrong(key + ".key", "names " + name + " a second time");
            }
        }
        return Collections.unmodifiableMap(environment);
    }

    private List<ArtifactPattern> patterns(List<String> texts, String key) {
        List<ArtifactPattern> patterns = new ArrayList<>();
        for (String text : texts) {
            patterns.add(ArtifactPattern.of(text, at(key + "[" + patterns.size() + "]")));
        }
        return List.copyOf(patterns);
    }

    /** Each platform once. */
    private List<TargetPlatform> platforms(JsonNode node, String key) {
        Set<TargetPlatform> platforms = new LinkedHashSet<>(named(node, key));
        if (platforms.isEmpty()) {
            throw wrong(key, "must name at least one of " + TargetPlatform.allWords());
        }
        return List.copyOf(platforms);
    }

    private List<TargetPlatform> named(JsonNode node, String key) {
        List<TargetPlatform> platforms = new ArrayList<>();
        for (String word : texts(node, key)) {
            TargetPlatform platform = TargetPlatform.of(word);
            if (platform == null) {
                throw wrong(key + "[" + platforms.size() + "]", "must be one of " + TargetPlatform.allWords());
            }
            platforms.add(platform);
        }
        return platforms;
    }

    private void known(JsonNode mapping, String key, List<String> allowed) {
        if (strict) {
            mapping.propertyNames().stream().filter(name -> !allowed.contains(name)).findFirst().ifPresent(name -> {
                throw wrong(key.isEmpty() ? name : key + "." + name,
                        "is not a key that is known here; allowed are " + String.join(", ", allowed));
            });
        }
    }

    private JsonNode mapping(JsonNode node, String key) {
        if (present(node) && !node.isObject()) {
            throw wrong(key, "must be a mapping");
        }
        return node;
    }

    private Iterable<JsonNode> list(JsonNode node, String key) {
        if (present(node) && !node.isArray()) {
            throw wrong(key, "must be a list");
        }
        return present(node) ? node : List.of();
    }

    private List<String> texts(JsonNode node, String key) {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : list(node, key)) {
            if (!item.isString()) {
                throw wrong(key + "[" + texts.size() + "]", "must be a text");
            }
            texts.add(item.stringValue());
        }
        return texts;
    }

    /** Empty for what is absent. */
    private String text(JsonNode node, String key) {
        if (present(node) && !node.isString()) {
            throw wrong(key, "must be a text");
        }
        return present(node) ? node.stringValue() : "";
    }

    private static boolean present(JsonNode node) {
        return !node.isMissingNode() && !node.isNull();
    }

    private String at(String key) {
        return key.isEmpty() ? place : place + ": " + key;
    }

    private BuildEnd wrong(String key, String what) {
        return BuildEnd.failed(at(key) + " " + what);
    }
}
