package dev.coxswain.supervisor.functions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.functions.CoderunnerException.Kind;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The manifest block of an app (contract coderunner 12) as a JSON file: {@code {"coderunner": {"definition_id": …}}}. What
 * else is in the file stays there. Blocks.
 */
public final class Manifest {
    private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final String BLOCK = "coderunner";
    private static final int MOST_BYTES = 1 << 20;

    private final Path file;

    public Manifest(Path file) {
        this.file = file;
    }

    public Path file() {
        return file;
    }

    /** What it says of this; null when it says nothing. */
    public @Nullable String get(ManifestKey key) {
        String value = read().path(BLOCK).path(key.word()).asString("");
        return value.isEmpty() ? null : value;
    }

    /** What it says of this, for a command that needs it. */
    public String need(ManifestKey key, String how) {
        String value = get(key);
        if (value == null) {
            throw new CoderunnerException(Kind.USAGE, file + " names no " + key.word() + "; " + how);
        }
        return value;
    }

    /** Writes these down, and takes back what is null; in one step, so that nobody sees half of it. */
    public void put(Map<ManifestKey, @Nullable String> values) {
        ObjectNode root = read();
        ObjectNode block = root.withObject("/" + BLOCK);
        for (ManifestKey key : ManifestKey.values()) {
            String value = values.get(key);
            if (value != null) {
                block.put(key.word(), value);
            } else if (values.containsKey(key)) {
                block.remove(key.word());
            }
        }
        Path whole = file.toAbsolutePath();
        Path beside = whole.resolveSibling(whole.getFileName() + ".new");
        try {
            Files.write(beside, JSON.writeValueAsBytes(root));
            Files.move(beside, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CoderunnerException(Kind.USAGE, file + " can't be written (" + e.getClass().getSimpleName() + ")",
                    0, e);
        }
    }

    /** The whole file, as JSON. */
    public String text() {
        return JSON.writeValueAsString(read());
    }

    /** A line for each that it says something of. */
    public List<Map.Entry<String, String>> lines() {
        Map<String, String> lines = new LinkedHashMap<>();
        for (ManifestKey key : ManifestKey.values()) {
            String value = get(key);
            if (value != null) {
                lines.put(key.word(), value);
            }
        }
        return List.copyOf(lines.entrySet());
    }

    private ObjectNode read() {
        try {
            if (!Files.exists(file)) {
                return JSON.createObjectNode();
            }
            if (Files.size(file) > MOST_BYTES) {
                throw new CoderunnerException(Kind.USAGE, file + " is longer than a manifest is");
            }
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
            if (root instanceof ObjectNode object && (!object.has(BLOCK) || object.path(BLOCK).isObject())) {
                return object;
            }
            throw new CoderunnerException(Kind.USAGE, file + " is no manifest: it must be a JSON object, as must its "
                    + BLOCK);
        } catch (JacksonException e) {
            throw new CoderunnerException(Kind.USAGE, file + " is not valid JSON, line " + e.getLocation().getLineNr(),
                    0, e);
        } catch (IOException e) {
            throw new CoderunnerException(Kind.USAGE, file + " can't be read (" + e.getClass().getSimpleName() + ")", 0,
                    e);
        }
    }
}
