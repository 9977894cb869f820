package dev.coxswain.supervisor.endtoend;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.simulator.LocalRepository;
import dev.coxswain.supervisor.simulator.Verdict;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Flutter builds from claim to the last artifact, of a real repository and of one behind the daemon's proxy. */
class OoreIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String PLAN = """
            version: 1
            platforms: [android]
            commands:
              pre_build:
                - sh tools/prepare.sh
              build:
                - flutter build apk --release
                - flutter build appbundle --release
              post_build:
                - sh tools/check.sh
            env:
              - { key: GREETING, value: ahoy }
              - { key: SERVICE_TOKEN, value: not-for-your-eyes }
            artifacts:
              patterns:
                - "build/app/outputs/**/*.apk"
                - "build/app/outputs/**/*.aab"
                - "build/notes/*.txt"
                - "*.map"
            """;
    /** One that signs nothing: the signing programs take their time. */
    private static final String SHORT_PLAN = """
            version: 1
            platforms: [android]
            commands: { pre_build: [ sh tools/prepare.sh ], build: [ sh tools/check.sh ] }
            artifacts: { patterns: [ "build/notes/*.txt" ] }
            """;
    private static final String PREPARE = """
            set -e
            mkdir -p build/notes
            cat library/version.txt history.txt > build/notes/notes.txt
            cp /etc/hostname symbols.map 2>/dev/null || echo symbols > symbols.map
            ln -s /etc/passwd build/notes/link.txt
            echo "say $GREETING, $SERVICE_TOKEN"
            """;
    /** What stands in for Flutter: it makes real archives. */
    private static final String FLUTTER = """
            #!/bin/sh
            set -e
            grep -q GREETING=ahoy .env
            case "$*" in *--dart-define-from-file=.env*) ;; *) exit 3 ;; esac
            case "$2" in
              apk) mkdir -p build/app/outputs/flutter-apk
                   "$JAVA_HOME/bin/jar" cf build/app/outputs/flutter-apk/app-release.apk library ;;
              appbundle) mkdir -p build/app/outputs/bundle
                   "$JAVA_HOME/bin/jar" cf build/app/outputs/bundle/app-release.aab library ;;
            esac
            """;
    private static final String FVM = """
            #!/bin/sh
            [ "$1" = use ] && exit 0
            exec "$@"
            """;

    @TempDir
    Path folder;
    private SupervisorFolder files;
    private Path password;

    @BeforeEach
    void makeTools() throws IOException {
        files = new SupervisorFolder(folder);
        Files.createDirectories(folder.resolve("bin"));
        program("bin/flutter", FLUTTER);
        program("bin/fvm", FVM);
        password = Files.createFile(folder.resolve("password"));
    }

    private void program(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private Path pipe(String name) throws IOException, InterruptedException {
        Path pipe = folder.resolve(name);
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        return pipe;
    }

    private LocalRepository repository(String plan, String check) {
        return RealRepository.make(folder.resolve("sources"),
                Map.of(".oore.yaml", plan, "tools/prepare.sh", PREPARE, "tools/check.sh", check));
    }

    private SupervisorProcess supervisor(OoreDaemon daemon) throws IOException {
        Path tokens = Files.writeString(folder.resolve("tokens"), daemon.runner(0) + "\n");
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(files.config(), """
                supervisor:
                  name: end-to-end
                  stateDir: ./state
                  workDir: ./work
                  admin: { listen: 127.0.0.1:0 }
                  metrics: { listen: 127.0.0.1:0 }
                slots: { total: 1 }
                controlPlanes:
                  mobile: { protocol: oore, url: "%s", requestsPerSecond: 50, poll: { min: 100ms, max: 500ms } }
                pools:
                  - name: mobile
                    controlPlane: mobile
                    credentials: { file: ./tokens }
                    workload: { kind: flutter, platforms: [ android ], tools: [ fvm, flutter ], timeout: 10m }
                """.formatted(daemon.url()));
        return new SupervisorProcess(files, Map.of("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"),
                "JAVA_HOME", System.getProperty("java.home")));
    }

    private void endCleanly(SupervisorProcess process, OoreDaemon daemon)
            throws IOException, InterruptedException {
        process.signal("TERM");
        assertThat(process.awaitExit(Duration.ofSeconds(40))).as(process.logText()).isZero();
        Verdict verdict = daemon.simulator().ledger().verdict();
        assertThat(verdict.clean()).as(daemon.simulator().ledger().toJson(50, 50)).isTrue();
        assertThat(files.workspacesLeft()).isEmpty();
        assertThat(files.processesLeft()).isEmpty();
        assertThat(process.logText()).doesNotContain(daemon.runner(0).split(" ")[1]).doesNotContain(" ERROR ");
    }

    @Test
    void aRepositoryIsBuiltInThreeStagesSignedAndItsFourArtifactsArrive() throws Exception {
        LocalRepository repository = repository(PLAN, """
                set -e
                "$JAVA_HOME/bin/jarsigner" -verify build/app/outputs/flutter-apk/app-release.apk
                "$JAVA_HOME/bin/jarsigner" -verify build/app/outputs/bundle/app-release.aab
                test -z "$(find "$HOME" -iname '*keystore*' -o -iname '*.p12')"
                if grep -l -F -f %s /proc/[0-9]*/environ 2>/dev/null; then exit 9; fi
                env | cut -d= -f1 | sort | tr '\\n' ' '
                git log -1 --format=built:%%H
                """.formatted(password));
        try (OoreDaemon daemon = new OoreDaemon(repository, 6)) {
            OoreDaemon.Material material = daemon.material();
            Files.writeString(password, material.password());
            try (SupervisorProcess process = supervisor(daemon)) {
                daemon.simulator().ledger().whenAllSettled().block(PATIENCE);
                endCleanly(process, daemon);
                assertThat(process.logText()).doesNotContain(material.password());
            }
            List<JsonNode> builds = daemon.builds();
            for (JsonNode build : builds.subList(2, 6)) {
                assertThat(build.path("status").stringValue()).as(OoreDaemon.log(build)).isEqualTo("succeeded");
                assertThat(build.path("exit_code").asInt()).isZero();
                assertThat(OoreDaemon.log(build)).doesNotContain(material.password());
            }
            real(builds.get(3), repository);
            real(builds.get(5), repository);
            assertThat(names(builds.get(2))).containsExactly("checkout", "pre_build-1", "build-1", "artifacts");
            assertThat(artifacts(builds.get(2))).containsExactlyInAnyOrder("app-release.apk", "notes.txt");
            nowhere(material);
        }
    }

    private static void real(JsonNode build, LocalRepository repository) {
        String log = OoreDaemon.log(build);
        assertThat(names(build)).as(log).containsExactly("checkout", "pre_build-1", "pre_build-2", "build-1",
                "android-sign", "build-2", "android-sign", "post_build-1", "artifacts");
        assertThat(build.path("step_results").valueStream()).allSatisfy(step -> assertThat(
                step.path("status").stringValue()).isEqualTo("succeeded"));
        assertThat(log).contains("built:" + repository.commit()).contains("jar verified.")
                .contains("[oore-step] {\"event\":\"start\",\"name\":\"build-1\"").contains("[oore-signing] ")
                .contains("say ahoy, ").doesNotContain("not-for-your-eyes");
        assertThat(log).contains(" BUILD_ID ").contains(" CI ").contains(" GREETING ").doesNotContain(" OORE_");
        assertThat(build.path("artifacts").valueStream()).hasSize(4).allSatisfy(artifact -> {
            assertThat(artifact.path("state").stringValue()).isEqualTo("available");
            assertThat(artifact.path("received_bytes").asLong()).isPositive()
                    .isEqualTo(artifact.path("file_size").asLong());
        });
        assertThat(artifacts(build)).containsExactlyInAnyOrder("app-release.apk", "app-release.aab", "notes.txt",
                "symbols.map");
    }

    private static List<String> names(JsonNode build) {
        return build.path("step_results").valueStream().map(step -> step.path("name").stringValue()).toList();
    }

    private static List<String> artifacts(JsonNode build) {
        return build.path("artifacts").valueStream().map(artifact -> artifact.path("name").stringValue()).toList();
    }

    /** Neither as bytes nor as text, in anything that the supervisor has written. */
    private void nowhere(OoreDaemon.Material material) throws IOException {
        String bytes = new String(Base64.getDecoder().decode(material.keystore()), StandardCharsets.ISO_8859_1);
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).filter(path -> !path.equals(password)).toList()) {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertThat(content.contains(bytes)).as("keystore in %s", file).isFalse();
                assertThat(content.contains(material.keystore())).as("keystore in %s", file).isFalse();
                assertThat(content.contains(material.password())).as("password in %s", file).isFalse();
            }
        }
    }

    @Test
    void aCancelKillsTheWholeTreeAndNothingIsReported() throws Exception {
        Path started = pipe("started");
        LocalRepository repository = repository(SHORT_PLAN, """
                (trap '' TERM; setsid sleep 600) & sleep 600 &
                echo now > %s
                wait
                """.formatted(started));
        try (OoreDaemon daemon = new OoreDaemon(repository, 2)) {
            try (SupervisorProcess process = supervisor(daemon)) {
                assertThat(Files.readString(started)).isEqualTo("now\n");
                JsonNode build = daemon.build(2);
                assertThat(build.path("status").stringValue()).isEqualTo("running");
                List<ProcessHandle> tree = files.processesLeft().stream().flatMap(pid -> ProcessHandle.of(pid).stream())
                        .toList();
                assertThat(tree).hasSizeGreaterThanOrEqualTo(4);
                daemon.cancel(build.path("id").stringValue());
                for (ProcessHandle each : tree) {
                    each.onExit().get(10, TimeUnit.SECONDS);
                }
                endCleanly(process, daemon);
                assertThat(process.logText()).contains("result=lost");
            }
            assertThat(daemon.build(2).path("status").stringValue()).isEqualTo("canceled");
            assertThat(daemon.build(2).path("artifacts")).isEmpty();
        }
    }

    @Test
    void anOutageInTheMiddleOfABuildCostsNothing() throws Exception {
        Path started = pipe("started");
        Path go = pipe("go");
        LocalRepository repository = repository(SHORT_PLAN, "echo now > %s; cat %s\n".formatted(started, go));
        try (OoreDaemon daemon = new OoreDaemon(repository, 2)) {
            try (SupervisorProcess process = supervisor(daemon)) {
                assertThat(Files.readString(started)).isEqualTo("now\n");
                daemon.simulator().restart(Duration.ofSeconds(Long.getLong("coxswain.outage.seconds", 16))).block();
                assertThat(daemon.build(2).path("status").stringValue()).isEqualTo("running");
                Files.writeString(go, "gone on\n");
                daemon.simulator().ledger().whenAllSettled().block(PATIENCE);
                endCleanly(process, daemon);
            }
            JsonNode build = daemon.build(2);
            assertThat(build.path("status").stringValue()).isEqualTo("succeeded");
            assertThat(OoreDaemon.log(build)).contains("gone on");
            assertThat(daemon.simulator().ledger().verdict().leases()).isEqualTo(2);
        }
    }

    @Test
    void trap12NothingIsClaimedWithoutAFreeSlotAndAKilledSupervisorFailsWhatItRan() throws Exception {
        Path started = pipe("started");
        LocalRepository repository = repository(SHORT_PLAN, "echo now > %s; sleep 600\n".formatted(started));
        try (OoreDaemon daemon = new OoreDaemon(repository, 3)) {
            try (SupervisorProcess process = supervisor(daemon)) {
                assertThat(Files.readString(started)).isEqualTo("now\n");
                assertThat(daemon.build(3).path("status").stringValue()).isEqualTo("queued");
                process.kill();
            }
            try (SupervisorProcess process = supervisor(daemon)) {
                daemon.simulator().ledger().whenAllSettled().block(PATIENCE);
                endCleanly(process, daemon);
            }
            JsonNode build = daemon.build(2);
            assertThat(build.path("status").stringValue()).isEqualTo("failed");
            assertThat(build.path("events").valueStream().toList().getLast().path("reason").stringValue())
                    .contains("restart");
            assertThat(daemon.build(3).path("status").stringValue()).isEqualTo("succeeded");
        }
    }
}
