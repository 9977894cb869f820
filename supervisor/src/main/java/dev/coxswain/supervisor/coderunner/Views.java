package dev.coxswain.supervisor.coderunner;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/** How things look in answers: camelCase, numbers for kinds and states with their names beside them. */
final class Views {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** Answers nest what they show deeper, and no writer takes more than 500. */
    private static final JsonMapper SHOWN = JsonMapper.builder(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(450).build()).build()).build();

    private final Supplier<URI> base;

    /** @param base what callers reach this server by, without a trailing slash */
    Views(Supplier<URI> base) {
        this.base = base;
    }

    static ObjectNode id(UUID id) {
        return JSON.createObjectNode().put("id", id.toString());
    }

    static ArrayNode list(List<? extends JsonNode> items) {
        return JSON.createArrayNode().addAll(items);
    }

    static ObjectNode definition(Definition it) {
        return id(it.id()).put("name", it.name()).put("description", it.description())
                .put("deploymentType", it.type().number()).put("languageType", it.language().number())
                .put("createdAt", it.createdAt().toString()).put("createdBy", it.createdBy())
                .put("tenantId", it.tenant().toString());
    }

    static ObjectNode version(CodeVersion it) {
        return id(it.id()).put("versionId", it.id().toString()).put("definitionId", it.definitionId().toString())
                .put("description", it.description()).put("status", it.status().number())
                .put("statusName", it.status().label()).put("statusMessage", it.statusMessage())
                .put("size", it.sizeBytes()).put("sha256", it.sha256()).put("createdAt", it.createdAt().toString())
                .put("createdBy", it.createdBy()).put("entryPoint", it.entryPoint());
    }

    ObjectNode deployment(Deployment it) {
        ObjectNode view = id(it.id()).put("deploymentId", it.id().toString())
                .put("definitionId", it.definitionId().toString()).put("versionId", it.versionId().toString())
                .put("status", it.status().number()).put("statusName", it.status().label())
                .put("statusMessage", it.statusMessage()).put("createdAt", it.createdAt().toString())
                .put("createdBy", it.createdBy());
        view.putObject("configuration").put("cpu", it.size().cpu()).put("memory", it.size().memory())
                .put("cronExpression", it.cron())
                .put("externalEndpoint", it.type().hasEndpoint() && it.isActive() ? endpoint(it) : null);
        return view;
    }

    /** Of the definition: it stays when a deployment is replaced. */
    private String endpoint(Deployment it) {
        return base.get() + FunctionRoutes.ROOT + it.definitionId();
    }

    static ObjectNode execution(Execution it) {
        UUID deployment = it.deploymentId();
        ObjectNode view = JSON.createObjectNode().put("executionId", it.id().toString())
                .put("deploymentId", deployment == null ? null : deployment.toString())
                .put("definitionId", it.definitionId().toString()).put("versionId", it.versionId().toString())
                .put("trigger", it.trigger().word()).put("status", it.status().number())
                .put("statusName", it.status().label()).put("createdAt", it.createdAt().toString())
                .put("startedAt", text(it.startedAt())).put("finishedAt", text(it.finishedAt()))
                .put("exitCode", it.exitCode()).put("reason", it.reason()).put("message", it.message());
        return view.put("truncated", it.truncated()).put("runner", it.runner()).set("result", result(it.result()));
    }

    /** What a run answers before its end. */
    static ObjectNode begun(UUID id, ExecutionStatus status) {
        return JSON.createObjectNode().put("executionId", id.toString()).put("status", status.number())
                .put("statusName", status.label());
    }

    /** What a run answers after it. */
    static ObjectNode ended(UUID id, ExecutionEnd end) {
        return begun(id, end.status()).put("reason", end.reason()).put("truncated", end.truncated())
                .set("result", result(end.result()));
    }

    /** A line as it is stored, with the usual names for ids beside those that whoever ships files knows. */
    static JsonNode logLine(JsonNode stored) {
        ObjectNode line = (ObjectNode) stored;
        line.set("executionId", line.path("execution"));
        line.set("deploymentId", line.path("deployment"));
        return line;
    }

    /** One that could be stored, but not written into an answer, is shown as its text: a list of others must not fail for it. */
    static JsonNode result(@Nullable String json) {
        try {
            return json == null ? NullNode.getInstance() : SHOWN.readTree(json);
        } catch (JacksonException e) {
            return JSON.getNodeFactory().stringNode(String.valueOf(json));
        }
    }

    /** A text as JSON. */
    static String text(String text) {
        return JSON.writeValueAsString(text);
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }
}
