package dev.coxswain.executors.function;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One execution, as the control plane's adapter describes it.
 *
 * @param kind what is asked of the code
 * @param ids what {@code context} and the environment tell, by the names of {@code context}
 * @param code the folder of the version
 * @param entry the file that is run, relative to it
 * @param payload a JSON text; null when it lies in {@code payloadFile}
 * @param limit null for none
 * @param cpuMillis thousandths of a core; 0 for no wish
 * @param memoryBytes 0 for no limit
 * @param port that a service listens on; null for none
 * @param streams whether a result that is made piece by piece is told so; else it is put together first
 */
record FunctionJob(Kind kind, Map<String, String> ids, Language language, Path code, String entry,
        @Nullable String payload, @Nullable Path payloadFile, @Nullable Duration limit, long cpuMillis,
        long memoryBytes, @Nullable Integer port, boolean streams) {
    private static final String[] IDS = {"executionId", "deploymentId", "definitionId", "versionId", "tenantId"};

    /** What is asked of the code. */
    enum Kind {
        /** one call; the process may be kept for the next one */
        FUNCTION,
        /** once, in a process of its own */
        JOB,
        /** until it is stopped, on a port */
        SERVICE
    }

    /** A document that is none of these. */
    static final class InvalidException extends RuntimeException {
        private static final long serialVersionUID = 1;

        InvalidException(String message) {
            super(message);
        }
    }

    /** Reads a document; the pool's limits stand in where it names none. */
    static FunctionJob read(JsonMapper mapper, String document, FunctionConfig config) {
        JsonNode root;
        try {
            root = mapper.readTree(document);
        } catch (JacksonException e) {
            throw new InvalidException("the job is not valid JSON");
        }
        Kind kind = kind(text(root, "kind"));
        String label = text(root, "language");
        Language language = Language.labelled(label);
        if (language == null) {
            throw new InvalidException("the job's language is unknown: " + shortened(label));
        }
        Map<String, String> ids = new LinkedHashMap<>();
        for (String id : IDS) {
            String value = root.path(id).asString("");
            if (!value.isEmpty()) {
                ids.put(id, value);
            }
        }
        String file = root.path("payloadFile").asString("");
        JsonNode port = root.path("port");
        return new FunctionJob(kind, Map.copyOf(ids), language, absolute("code", text(root, "code")),
                text(root, "entry"), file.isEmpty() ? payload(mapper, root.path("payload")) : null,
                file.isEmpty() ? null : absolute("payloadFile", file), limit(kind, root.path("timeoutMillis"), config),
                Math.max(0, root.path("cpuMillis").asLong(0)), Math.max(0, root.path("memoryBytes").asLong(0)),
                port.isInt() ? port.intValue() : null, root.path("streams").asBoolean(false));
    }

    private static Kind kind(String word) {
        for (Kind kind : Kind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(word)) {
                return kind;
            }
        }
        throw new InvalidException("the job's kind is unknown: " + shortened(word));
    }

    private static @Nullable Duration limit(Kind kind, JsonNode told, FunctionConfig config) {
        long millis = told.asLong(0);
        if (millis > 0) {
            return Duration.ofMillis(millis);
        }
        return switch (kind) {
            case FUNCTION -> config.timeout();
            case JOB -> config.jobTimeout();
            case SERVICE -> null;
        };
    }

    private static String payload(JsonMapper mapper, JsonNode node) {
        return node.isMissingNode() ? "null" : mapper.writeValueAsString(node);
    }

    private static String text(JsonNode root, String name) {
        String text = root.path(name).asString("");
        if (text.isEmpty()) {
            throw new InvalidException("the job names no " + name);
        }
        return text;
    }

    private static Path absolute(String name, String text) {
        try {
            Path path = Path.of(text);
            if (path.isAbsolute()) {
                return path;
            }
        } catch (InvalidPathException e) {
            throw new InvalidException("the job's " + name + " is no path");
        }
        throw new InvalidException("the job's " + name + " is no absolute path");
    }

    private static String shortened(String text) {
        return text.length() > 40 ? text.substring(0, 40) + "…" : text;
    }

    /** The file that is run. */
    Path file() {
        return code.resolve(entry);
    }

    /** What the user's code finds in its environment, besides the base and the payload's file. */
    Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        ids.forEach((name, value) -> variables.put(variable(name), value));
        if (port != null) {
            variables.put("PORT", port.toString());
        }
        return variables;
    }

    /** {@code executionId} is {@code CODERUNNER_EXECUTION_ID}. */
    private static String variable(String id) {
        return "CODERUNNER_" + id.substring(0, id.length() - 2).toUpperCase(Locale.ROOT) + "_ID";
    }
}
