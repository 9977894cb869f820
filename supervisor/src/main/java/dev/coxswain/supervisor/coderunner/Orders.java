package dev.coxswain.supervisor.coderunner;

import java.time.Duration;
import java.util.UUID;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes what the workload gets. Large payloads go through files, so that those that wait are small. */
final class Orders {
    /** A longer payload is handed over as a file. */
    static final int MOST_INLINE = 64 << 10;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final CodeFolders folders;

    Orders(CodeFolders folders) {
        this.folders = folders;
    }

    static boolean isLarge(Submission asked) {
        return asked.payload().length() > MOST_INLINE;
    }

    String document(Submission asked, UUID id) {
        ObjectNode it = JSON.createObjectNode();
        Deployment deployment = asked.deployment();
        Duration timeout = asked.timeout();
        it.put("executionId", id.toString()).put("deploymentId", deployment == null ? null : deployment.id().toString())
                .put("definitionId", asked.definition().id().toString())
                .put("versionId", asked.version().id().toString())
                .put("tenantId", asked.definition().tenant().toString()).put("kind", asked.kind().word())
                .put("language", asked.definition().language().word())
                .put("code", folders.code(asked.version().id()).toString()).put("entry", asked.version().entryPoint());
        if (isLarge(asked)) {
            it.putNull("payload").put("payloadFile", folders.payload(id).toString());
        } else {
            it.set("payload", JSON.readTree(asked.payload()));
        }
        it.put("timeoutMillis", timeout == null ? 0 : timeout.toMillis()).put("cpuMillis", asked.size().cpuMillis())
                .put("memoryBytes", asked.size().memoryBytes()).put("port", asked.port())
                .put("trigger", asked.trigger().word()).put("streams", asked.streams());
        return it.toString();
    }
}
