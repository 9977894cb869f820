package dev.coxswain.executors.flutter;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Which Flutter a build uses: what {@code .fvmrc} pins, else what the settings say, else {@code stable}. Pure. */
final class FlutterVersion {
    static final String FILE = ".fvmrc";
    static final String DEFAULT = "stable";
    static final int MOST_BYTES = 64 * 1024;

    /** Versions, channels, commits, {@code fork/version} and {@code version@channel}. It becomes part of a command. */
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+/@-]{0,63}");

    private FlutterVersion() {}

    /**
     * What a {@code .fvmrc} pins: its text as it is, a JSON string, or the key {@code flutter} of a JSON object; other keys
     * are FVM's own business. Null when it pins nothing.
     *
     * @throws BuildEnd when it is none of these
     */
    static @Nullable String pinned(JsonMapper mapper, String content) {
        String text = content.strip();
        if (text.isEmpty()) {
            return null;
        }
        if (!text.startsWith("{") && !text.startsWith("\"")) {
            return checked(text, FILE);
        }
        JsonNode json;
        try {
            json = mapper.readTree(text);
        } catch (JacksonException e) {
            throw BuildEnd.failed(FILE + " is no valid JSON; allowed are a version, or an object with the key flutter");
        }
        JsonNode version = json.isObject() ? json.path("flutter") : json;
        if (version.isMissingNode() || version.isNull()) {
            return null;
        }
        if (!version.isString()) {
            throw BuildEnd.failed(FILE + ": flutter must be a text, like \"3.24.0\"");
        }
        String named = version.stringValue().strip();
        return named.isEmpty() ? null : checked(named, FILE + ": flutter");
    }

    static String checked(String version, String place) {
        if (!VERSION.matcher(version).matches()) {
            throw BuildEnd.failed(place + " is no name of a Flutter version; allowed are up to 64 letters, digits and "
                    + "any of . _ + / @ -");
        }
        return version;
    }

    /** Sends every command of the SDK through {@code fvm}, which first gets the version; the same when there is none. */
    static BuildSettings.Stages use(String version, BuildSettings.Stages stages) {
        boolean used = Stream.of(stages.preBuild(), stages.build(), stages.postBuild()).flatMap(List::stream)
                .anyMatch(FlutterCommand::usesSdk);
        if (!used) {
            return stages;
        }
        List<String> preBuild = new ArrayList<>();
        preBuild.add("fvm use " + version + " --force --skip-pub-get");
        preBuild.addAll(throughFvm(stages.preBuild()));
        return new BuildSettings.Stages(preBuild, throughFvm(stages.build()), throughFvm(stages.postBuild()));
    }

    private static List<String> throughFvm(List<String> commands) {
        return commands.stream().map(FlutterCommand::throughFvm).toList();
    }
}
