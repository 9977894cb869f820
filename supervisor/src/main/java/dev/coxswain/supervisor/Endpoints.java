package dev.coxswain.supervisor;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where this supervisor really listens.
 *
 * @param admin console and JSON API
 * @param metrics /metrics, /livez and /readyz
 * @param coderunner the Coderunner that is served here; null where there is none
 */
public record Endpoints(URI admin, URI metrics, @Nullable URI coderunner) {
    /** Writes {@code endpoints.json} (0600) into the state folder, in one move. Blocks on the disk: for start only. */
    void write(Path stateDir) throws IOException {
        ObjectNode all = new JsonMapper().createObjectNode().put("admin", admin.toString()).put("metrics",
                metrics.toString());
        if (coderunner != null) {
            all.put("coderunner", coderunner.toString());
        }
        String json = all.toString();
        Path temporary = Files.createTempFile(stateDir, "endpoints", ".tmp",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(temporary, (json + "\n").getBytes(StandardCharsets.UTF_8));
        Files.move(temporary, stateDir.resolve("endpoints.json"), StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
