package dev.coxswain.supervisor.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.coxswain.supervisor.simulator.LocalRepository;
import dev.coxswain.supervisor.simulator.Simulator;
import dev.coxswain.supervisor.simulator.Topic;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The files of a demo: a folder of its own, a configuration as a user would write it, and the examples we ship. */
final class DemoFiles implements AutoCloseable {
    private static final String COMMAND = "word-count";
    private static final String POOLS_WITH_SOURCES = """
              - name: mobile
                controlPlane: mobile
                credentials: { file: ./mobile.tokens }
                workload: { kind: flutter, platforms: [ android ], timeout: 5m }
              - name: actions
                controlPlane: actions
                credentials: { file: ./actions.tokens }
                slotsPerRunner: 2
                labels: [ self-hosted, linux ]
            """;

    private final Path folder;
    private final Path examples;

    DemoFiles() {
        this.examples = examples();
        try {
            this.folder = Files.createTempDirectory("coxswain-demo-");
        } catch (IOException e) {
            throw new UncheckedIOException("the demo needs a temporary folder", e);
        }
    }

    /** Beside the launcher: it says where in {@code COX_HOME}; a jar that is started by hand looks above itself. */
    private static Path examples() {
        List<Path> starts = new ArrayList<>();
        String home = System.getenv("COX_HOME");
        if (home != null) {
            starts.add(Path.of(home));
        }
        for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
            starts.add(up);
        }
        return starts.stream().map(start -> start.resolve("deploy/examples")).filter(Files::isDirectory).findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "deploy/examples is not there; start the demo with the launcher cox"));
    }

    /** The topics we ship. */
    List<Topic> topics() {
        try {
            JsonNode list = new JsonMapper().readTree(Files.readString(examples.resolve("topics.json")));
            List<Topic> topics = new ArrayList<>();
            for (JsonNode each : list) {
                topics.add(new Topic(each.path("topic").asString(), each.path("style").asString(),
                        each.path("voiceId").asString(), each.path("includeTts").asBoolean()));
            }
            return topics;
        } catch (IOException e) {
            throw new UncheckedIOException("the topics of the demo can't be read", e);
        }
    }

    /** The code of the functions. */
    Path functions() {
        return examples.resolve("functions");
    }

    /** What builds and workflows check out; empty when this host has no git. */
    Optional<LocalRepository> repository() {
        return DemoRepository.make(examples.resolve("harbour-app"), folder.resolve("harbour-app"));
    }

    /** Writes the configuration, the credentials and the command of the workspace jobs. */
    Path configuration(Simulator simulator, int slots, boolean withSources) {
        try {
            credentials("shorts.tokens", simulator.tokens(Demo.STUDIO));
            List<String> workspaces = simulator.tokens(Demo.WORKSPACE);
            // every other one is global: with a single one there is nobody left for the model
            credentials("studio.tokens", everyOther(workspaces, 0));
            credentials("answers.tokens", everyOther(workspaces, 1));
            credentials("model.key", simulator.tokens(Demo.MODEL).subList(0, 1));
            Path file = folder.resolve("fleet.yaml");
            Files.writeString(file, """
                    supervisor:
                      name: demo
                      stateDir: ./state
                      workDir: ./work
                      admin: { listen: 127.0.0.1:0 }
                      metrics: { listen: 127.0.0.1:0 }
                      drain: { grace: 1m }
                    slots: { total: %d }
                    controlPlanes:
                      shorts: { protocol: xenonflare-studio, url: "%s", requestsPerSecond: 200, poll: { min: 500ms, max: 5s } }
                      studio: { protocol: xenonflare-workspace, url: "%s", requestsPerSecond: 200, poll: { min: 500ms, max: 5s } }
                      functions: { protocol: coderunner, listen: 127.0.0.1:0, auth: { insecureNoAuth: true } }
                    %spools:
                      - name: functions
                        controlPlane: functions
                        runners: 4
                      - name: shorts
                        controlPlane: shorts
                        credentials: { file: ./shorts.tokens }
                        workload: { kind: pipeline, command: [ "%s" ], timeout: 2m }
                      - name: studio
                        controlPlane: studio
                        credentials: { file: ./studio.tokens }
                        workload: { kind: pipeline, command: [ "%s" ], timeout: 2m }
                    """.formatted(slots, simulator.url(Demo.STUDIO), simulator.url(Demo.WORKSPACE),
                    withSources ? planesWithSources(simulator) : "", examples.resolve("shorts-render"), command())
                    + (workspaces.size() < 2 ? "" : answers(simulator)) + (withSources ? POOLS_WITH_SOURCES : ""));
            if (withSources) {
                credentials("mobile.tokens", simulator.credentials(Demo.OORE));
                credentials("actions.tokens", simulator.tokens(Demo.SHITHUB));
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("the demo's files can't be written", e);
        }
    }

    private static String planesWithSources(Simulator simulator) {
        return """
                  mobile: { protocol: oore, url: "%s", requestsPerSecond: 200, poll: { min: 500ms, max: 5s } }
                  actions: { protocol: shithub, url: "%s", requestsPerSecond: 200, poll: { min: 500ms, max: 5s } }
                """.formatted(simulator.url(Demo.OORE), simulator.url(Demo.SHITHUB));
    }

    /** The pool whose jobs a model answers. */
    private static String answers(Simulator simulator) {
        return """
                  - name: answers
                    controlPlane: studio
                    credentials: { file: ./answers.tokens }
                    workload: { kind: responses, model: simulated, summaryModel: simulated, baseUrl: "%s/v1", apiKey: "${file:./model.key}", parallel: 8 }
                """
                .formatted(simulator.url(Demo.MODEL));
    }

    private static List<String> everyOther(List<String> all, int first) {
        return IntStream.range(0, all.size()).filter(i -> i % 2 == first).mapToObj(all::get).toList();
    }

    private void credentials(String name, List<String> tokens) throws IOException {
        Path file = folder.resolve(name);
        Files.write(file, tokens);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private Path command() throws IOException {
        Path file = folder.resolve(COMMAND);
        try (InputStream content = Objects.requireNonNull(DemoFiles.class.getResourceAsStream(COMMAND))) {
            Files.copy(content, file);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file;
    }

    /** Workspaces that are still there: none when every job was cleaned up. */
    long foldersLeft() {
        try (Stream<Path> left = Files.list(folder.resolve("work"))) {
            return left.filter(Files::isDirectory).filter(path -> !path.getFileName().toString().startsWith("."))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException("the demo's work folder can't be listed", e);
        }
    }

    /** Processes that name this demo's work folder in their environment: none when every job's tree is dead. */
    long processesLeft() {
        String marker = "COX_WORKSPACE=" + folder;
        return ProcessHandle.allProcesses().filter(process -> environment(process.pid()).contains(marker)).count();
    }

    private static String environment(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // it ended meanwhile, or belongs to somebody else: not ours either way
            return "";
        }
    }

    @Override
    public void close() {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the demo's folder can't be removed: " + folder, e);
        }
    }
}
