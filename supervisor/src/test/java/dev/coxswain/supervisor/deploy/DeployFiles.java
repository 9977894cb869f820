package dev.coxswain.supervisor.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

import dev.coxswain.supervisor.config.FleetFile;
import dev.coxswain.supervisor.config.FleetFileLoader;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The files in {@code deploy/}. */
final class DeployFiles {
    /** Of the project; tests run in the module's folder. */
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    static final Path FOLDER = ROOT.resolve("deploy");
    static final JsonMapper MAPPER = new JsonMapper();

    private DeployFiles() {}

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode yaml(Path file) {
        return documents(text(file)).getFirst();
    }

    /** All documents of a YAML text. */
    static List<JsonNode> documents(String text) {
        List<JsonNode> documents = new ArrayList<>();
        new Load(LoadSettings.builder().build()).loadAllFromString(text)
                .forEach(document -> documents.add(MAPPER.valueToTree(document)));
        return documents;
    }

    /** What the supervisor's own reader makes of this configuration, with the image's files where the project has them. */
    static FleetFile fleet(String yaml, Path folder) throws IOException {
        Path tokens = Files.writeString(folder.resolve("runners.tokens"), "one-token\n");
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
        Path file = Files.writeString(folder.resolve("fleet.yaml"), yaml
                .replace("/etc/coxswain/credentials/runners.tokens", tokens.toString())
                .replace("/opt/coxswain/examples", FOLDER.resolve("examples").toString()));
        return new FleetFileLoader().load(file, Map.of("POD_NAME", "coxswain-0", "POD_NAMESPACE", "coxswain",
                "POD_UID", "0c5b1d7e-0000-4000-8000-000000000000"));
    }

    /** A time limit of {@code 90s} or {@code 660} seconds. */
    static Duration seconds(String text) {
        return Duration.ofSeconds(Long.parseLong(text.replaceAll("s$", "")));
    }
}
