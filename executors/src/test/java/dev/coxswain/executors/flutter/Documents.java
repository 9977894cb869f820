package dev.coxswain.executors.flutter;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The job object of a claim, as the daemon writes it. */
final class Documents {
    static final JsonMapper MAPPER = JsonMapper.builder().build();

    final ObjectNode job = MAPPER.createObjectNode();
    final ObjectNode snapshot;
    final ObjectNode page;

    Documents(String repoUrl) {
        job.put("build_id", "b-1").put("project_id", "p-1").put("pipeline_id", "l-1").put("build_number", 7);
        job.put("lease_expires_at", 1767225900).put("signing_token", "f".repeat(64));
        snapshot = job.putObject("config_snapshot");
        snapshot.put("snapshot_version", 2).put("config_path", ".oore.yaml").put("config_path_explicit", false);
        snapshot.put("repo_url", repoUrl);
        page = snapshot.putObject("ui_execution_config");
        page.putArray("platforms").add("android");
        page.putNull("flutter_version");
        page.putArray("artifact_patterns");
    }

    Documents commit(String sha) {
        job.put("commit_sha", sha);
        return this;
    }

    Documents branch(String name) {
        job.put("branch", name);
        return this;
    }

    Documents platforms(String... words) {
        ArrayNode platforms = page.putArray("platforms");
        List.of(words).forEach(platforms::add);
        return this;
    }

    Documents selected(String... words) {
        ArrayNode platforms = snapshot.putArray("selected_platforms");
        List.of(words).forEach(platforms::add);
        return this;
    }

    Documents explicit(String path) {
        snapshot.put("config_path", path).put("config_path_explicit", true);
        return this;
    }

    Documents env(Map<String, String> variables) {
        ArrayNode env = page.putArray("env");
        variables.forEach((key, value) -> env.addObject().put("key", key).put("value", value));
        return this;
    }

    Documents commands(String stage, String... commands) {
        ObjectNode stages = page.has("commands") ? (ObjectNode) page.get("commands") : page.putObject("commands");
        ArrayNode list = stages.putArray(stage);
        List.of(commands).forEach(list::add);
        return this;
    }

    Documents platformCommand(String platform, @Nullable String command) {
        page.putObject("platform_commands").put(platform, command);
        return this;
    }

    Documents patterns(String... patterns) {
        ArrayNode list = page.putArray("artifact_patterns");
        List.of(patterns).forEach(list::add);
        return this;
    }

    @Override
    public String toString() {
        return job.toString();
    }
}
