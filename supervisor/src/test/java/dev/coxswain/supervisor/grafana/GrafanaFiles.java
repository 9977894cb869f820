package dev.coxswain.supervisor.grafana;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The files in {@code grafana/}. */
final class GrafanaFiles {
    /** Of the project; tests run in the module's folder. */
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    static final Path FOLDER = ROOT.resolve("grafana");
    static final Path RULES = FOLDER.resolve("rules.yaml");
    static final Path ALERTS = FOLDER.resolve("alerts.yaml");
    private static final JsonMapper MAPPER = new JsonMapper();

    private GrafanaFiles() {}

    static List<Dashboard> dashboards() {
        return files("dashboards", ".json").stream().map(file -> new Dashboard(file.getFileName().toString(),
                MAPPER.readTree(text(file)))).toList();
    }

    static List<Path> tests() {
        return files("tests", ".yaml");
    }

    /** All rules of a rule file, groups forgotten; an alert has {@code alert}, a recording has {@code record}. */
    static List<JsonNode> rules(Path file) {
        return yaml(file).path("groups").values().stream().flatMap(group -> group.path("rules").values().stream())
                .toList();
    }

    static List<String> alertNames() {
        return rules(ALERTS).stream().map(rule -> rule.path("alert").asString()).toList();
    }

    static JsonNode yaml(Path file) {
        return MAPPER.valueToTree(new Load(LoadSettings.builder().setLabel(file.toString()).build())
                .loadFromString(text(file)));
    }

    static String runbook() {
        return text(FOLDER.resolve("runbook.md"));
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files(String folder, String ending) {
        try (Stream<Path> all = Files.list(FOLDER.resolve(folder))) {
            return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
