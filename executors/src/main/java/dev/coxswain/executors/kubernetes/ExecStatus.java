package dev.coxswain.executors.kubernetes;

import java.nio.charset.StandardCharsets;

import dev.coxswain.executors.WorkspaceException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the last word of an exec: a {@code Status} of the Kubernetes API (channel 3 of {@code v4.channel.k8s.io}). */
final class ExecStatus {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final int SHOWN = 500;

    private ExecStatus() {}

    /**
     * The exit code that it tells.
     *
     * @throws WorkspaceException when it tells of another failure: the container can't run anything
     */
    static int code(byte[] json) {
        JsonNode status;
        try {
            status = MAPPER.readTree(json);
        } catch (JacksonException e) {
            throw new WorkspaceException("the cluster's answer to a command can't be read: "
                    + shown(new String(json, StandardCharsets.UTF_8)), e);
        }
        if (status.path("status").asString("").equals("Success")) {
            return 0;
        }
        for (JsonNode cause : status.path("details").path("causes")) {
            if (cause.path("reason").asString("").equals("ExitCode")) {
                return code(cause.path("message").asString(""));
            }
        }
        throw new WorkspaceException("the pod can't run a command: " + shown(status.path("message").asString("")));
    }

    private static int code(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new WorkspaceException("the cluster tells an exit code that is none: " + shown(text), e);
        }
    }

    private static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line;
    }
}
