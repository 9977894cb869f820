package dev.coxswain.executors.flutter;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.SourceAccess;
import dev.coxswain.executors.git.GitRef;
import dev.coxswain.executors.git.GitRefusedException;
import dev.coxswain.executors.git.GitRemote;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A claimed build (contract oore-ci 5, 11).
 *
 * @param settings the page's configuration, not looked into before it is needed: a file may replace it
 * @param selected platforms of this run; null for all
 * @param configPath of the file in the repository; null when the usual places are looked at
 */
record BuildJob(String build, String project, String pipeline, String number, GitRef ref, @Nullable String branch,
        GitRemote remote, JsonNode settings, @Nullable List<TargetPlatform> selected, @Nullable String configPath) {
    private static final int MOST_CHARS = 512;

    /**
     * Reads the job.
     *
     * @param sources how the control plane guards the sources; null for not at all
     * @throws BuildEnd when it can't be built
     */
    static BuildJob read(JsonMapper mapper, String document, @Nullable SourceAccess sources) {
        JsonNode job;
        try {
            job = mapper.readTree(document);
        } catch (JacksonException e) {
            throw BuildEnd.failed("the control plane's job is no valid JSON");
        }
        JsonNode snapshot = job.path("config_snapshot");
        if (!snapshot.isObject()) {
            throw BuildEnd.failed("the control plane's job has no config_snapshot: there is nothing to build");
        }
        String branch = text(job.path("branch"));
        try {
            return new BuildJob(required(job, "build_id"), string(job, "project_id"), string(job, "pipeline_id"),
                    job.path("build_number").asString(""), GitRef.of(text(job.path("commit_sha")), branch), branch,
                    GitRemote.of(text(snapshot.path("repo_url")), sources), snapshot.path("ui_execution_config"),
                    SettingsReader.selection(snapshot.path("selected_platforms")), configPath(snapshot));
        } catch (GitRefusedException e) {
            throw BuildEnd.failed(String.valueOf(e.getMessage()));
        }
    }

    /** What this run is for, as far as can be said before the checkout. */
    List<TargetPlatform> announced() {
        return selected != null ? selected : SettingsReader.pagePlatforms(settings);
    }

    private static @Nullable String configPath(JsonNode snapshot) {
        if (!snapshot.path("config_path_explicit").asBoolean(false)) {
            return null;
        }
        String told = text(snapshot.path("config_path"));
        String path = told == null ? "" : told.strip();
        if (path.isEmpty() || path.length() > MOST_CHARS || path.startsWith("/") || path.indexOf('\\') >= 0
                || path.chars().anyMatch(Character::isISOControl)
                || List.of(path.split("/", -1)).stream().anyMatch(List.of("", ".", "..")::contains)) {
            throw BuildEnd
                    .failed("config_path is no path within the repository: allowed are names with / between them, "
                            + "none of them empty, . or ..");
        }
        return path;
    }

    private static String required(JsonNode job, String key) {
        String text = string(job, key);
        if (text.isBlank()) {
            throw BuildEnd.failed("the control plane's job has no " + key);
        }
        return text;
    }

    private static String string(JsonNode job, String key) {
        String text = text(job.path(key));
        return text == null ? "" : text;
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() ? node.stringValue() : null;
    }

    /** Hides the snapshot: it holds secrets. */
    @Override
    public String toString() {
        return "BuildJob[" + build + "]";
    }
}
