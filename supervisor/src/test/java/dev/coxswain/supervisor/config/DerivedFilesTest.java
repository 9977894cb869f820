package dev.coxswain.supervisor.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is made from the declared keys and shipped is not stale. {@code mvn test -Dtest=DerivedFilesTest
 * -Dcoxswain.regenerate=true} writes it anew.
 */
class DerivedFilesTest {
    private static final Path DEPLOY = Path.of("").toAbsolutePath().resolveSibling("deploy");

    @Test
    void theShippedSchemaIsThatOfTheCode() throws IOException {
        shipped("fleet.schema.json", JsonSchema.generate());
    }

    @Test
    void theShippedReferenceIsThatOfTheCode() throws IOException {
        shipped("configuration.md", KeyReference.generate());
    }

    @Test
    void schemaAndReferenceKnowEveryKey() {
        List<String> paths = new ArrayList<>();
        JsonNode schema = JsonMapper.builder().build().readTree(JsonSchema.generate());
        collect(FleetKeys.Root.ALL, schema, "", paths);

        assertThat(paths).contains("supervisor.admin.listen", "controlPlanes.NAME.poll.min", "pools[].workload.env")
                .hasSizeGreaterThan(40);
        assertThat(paths).allSatisfy(path -> assertThat(KeyReference.generate()).contains("| `" + path + "` |"));
    }

    private static void collect(ConfigKeys keys, JsonNode schema, String parent, List<String> paths) {
        assertThat(schema.path("additionalProperties").asBoolean(true)).isFalse();
        assertThat(schema.path("properties").propertyNames()).containsExactlyElementsOf(
                keys.keys().stream().map(ConfigKey::name).toList());
        for (ConfigKey<?> key : keys.keys()) {
            String path = parent + key.name();
            paths.add(path);
            ConfigKeys below = key.shape().below();
            if (below != null) {
                JsonNode property = schema.path("properties").path(key.name());
                JsonNode inner = switch (key.shape().step()) {
                    case "[]" -> section(property.path("items"));
                    case ".NAME" -> property.path("additionalProperties");
                    default -> property;
                };
                collect(below, inner, path + key.shape().step() + ".", paths);
            }
        }
    }

    /** Of several forms the one with keys. */
    private static JsonNode section(JsonNode items) {
        return items.has("anyOf") ? items.path("anyOf").path(items.path("anyOf").size() - 1) : items;
    }

    private static void shipped(String name, String made) throws IOException {
        Path file = DEPLOY.resolve(name);
        if (Boolean.getBoolean("coxswain.regenerate")) {
            Files.createDirectories(DEPLOY);
            Files.writeString(file, made);
        }
        assertThat(file).as("stale: run the test with -Dcoxswain.regenerate=true").content().isEqualTo(made);
    }
}
