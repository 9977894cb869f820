package dev.coxswain.supervisor.simulator.oore;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.coxswain.supervisor.simulator.LocalRepository;
import dev.coxswain.supervisor.simulator.SimulatorContext;
import dev.coxswain.supervisor.simulator.Topic;
import dev.coxswain.supervisor.simulator.git.GitRepository;

/**
 * What a build is about (contract oore-ci 11). Its repository has a {@code .oore.yaml} with plain shell commands, so that
 * whoever follows the rules needs no Flutter; the configuration of the page, which that file replaces, has the same ones.
 */
final class Snapshots {
    static final String REPOSITORY = "simulated/harbour";
    /** A source that the daemon hands out itself; any other URL is fetched from where it is. */
    static final String PROXIED = "https://gitlab.invalid/" + REPOSITORY + ".git";
    private static final String FILE = """
            version: 1
            platforms: [android]
            commands:
              pre_build:
                - sh tools/prepare.sh
              build:
                - sh tools/build.sh
            artifacts:
              patterns:
                - "build/app/outputs/**/*.apk"
                - "build/notes/*.txt"
            """;
    private static final String PREPARE = """
            set -e
            echo "preparing build $BUILD_NUMBER of $BRANCH"
            mkdir -p build/app/outputs/flutter-apk build/notes
            """;
    private static final String BUILD = """
            set -e
            for step in resolve compile link package; do
              echo "$step"
            done
            echo "build $BUILD_NUMBER: nothing is wrong, this line is only on the other stream" >&2
            printf 'package of build %s\\n' "$BUILD_ID" > build/app/outputs/flutter-apk/app-release.apk
            printf 'notes for build %s at %s\\n' "$BUILD_NUMBER" "$COMMIT_SHA" > build/notes/notes.txt
            """;

    private final SimulatorContext context;
    private final GitRepository repository = new GitRepository("main", "Build the harbour",
            Map.of(".oore.yaml", FILE, "tools/prepare.sh", PREPARE, "tools/build.sh", BUILD, "README.md",
                    "A repository that exists in the simulator only.\n"));

    Snapshots(SimulatorContext context) {
        this.context = context;
    }

    GitRepository repository() {
        return repository;
    }

    /** The snapshot of a build about this topic; its environment holds a secret in clear text, as the daemon's does. */
    Map<String, Object> of(Topic topic, int number, String repositoryId, long dueNanos) {
        List<String> patterns = List.of("build/app/outputs/**/*.apk", "build/notes/*.txt");
        Map<String, Object> commands = new LinkedHashMap<>();
        commands.put("pre_build", List.of("sh tools/prepare.sh"));
        commands.put("build", List.of("sh tools/build.sh"));
        commands.put("post_build", List.of());
        Map<String, Object> plan = new LinkedHashMap<>();
        plan.put("platforms", List.of("android"));
        plan.put("flutter_version", null);
        plan.put("commands", commands);
        plan.put("platform_build_args", Map.of("android", List.of(), "ios", List.of(), "macos", List.of()));
        Map<String, Object> none = new LinkedHashMap<>();
        none.put("android", null);
        none.put("ios", null);
        none.put("macos", null);
        plan.put("platform_commands", none);
        plan.put("env", List.of(variable("TOPIC", topic.topic()), variable("PUBLISH_TOKEN", context.tokens().grant())));
        plan.put("artifact_patterns", patterns);
        Map<String, Object> snapshot = new LinkedHashMap<>();
        snapshot.put("snapshot_version", 2);
        snapshot.put("config_resolution_policy", "file_first_ui_fallback");
        snapshot.put("config_path", ".oore.yaml");
        snapshot.put("config_path_explicit", false);
        snapshot.put("ui_execution_config", plan);
        snapshot.put("artifact_patterns", patterns);
        snapshot.put("trigger_type", "manual");
        LocalRepository real = number % 2 == 0 ? context.config().repository() : null;
        snapshot.put("commit_sha", real == null ? repository.commit() : real.commit());
        snapshot.put("branch", real == null ? repository.branch() : real.branch());
        snapshot.put("captured_at", context.wall(dueNanos).getEpochSecond());
        snapshot.put("repo_url", real == null ? PROXIED : real.path());
        snapshot.put("repository_id", repositoryId);
        return snapshot;
    }

    private static Map<String, Object> variable(String key, String value) {
        Map<String, Object> variable = new LinkedHashMap<>();
        variable.put("key", key);
        variable.put("value", value);
        return variable;
    }
}
