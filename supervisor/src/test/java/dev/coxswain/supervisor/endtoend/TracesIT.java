package dev.coxswain.supervisor.endtoend;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.Supervisor;
import dev.coxswain.supervisor.config.FleetFileLoader;
import dev.coxswain.supervisor.traces.FakeCollector;

import static org.assertj.core.api.Assertions.assertThat;

/** A real job of a real supervisor, as a collector and a scrape see it. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class TracesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", System.getenv("PATH"));
    private static final String FLEET = """
            supervisor:
              name: build-01
              stateDir: ./state
              admin: { listen: 127.0.0.1:0 }
              metrics: { listen: 127.0.0.1:0 }
              %s
            controlPlanes:
              shorts: { protocol: xenonflare-studio, url: "%s", requestsPerSecond: 200, poll: { min: 50ms, max: 300ms } }
            pools:
              - name: films
                controlPlane: shorts
                credentials: { values: [ token-of-a-runner ] }
                workload: { command: [ ./job ] }
            """;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aJobIsATraceWithItsStagesAndTheHistogramNamesIt() throws Exception {
        write("job", """
                #!/bin/sh
                printf x > "$COX_OUTPUT_DIR/scene.png"
                echo '{"story":{"scenes":[{"narration":"one","imageUrl":"scene.png"}]}}' > "$COX_OUTPUT_DIR/result.json"
                """, "rwx------");
        write("headers", "# ours\nx-key: a-key-that-nobody-guesses\n", "rw-------");
        try (FakeCollector collector = new FakeCollector(); ScriptedStudio studio = new ScriptedStudio()) {
            Path file = write("fleet.yaml", FLEET.formatted(
                    "traces: { otlp: \"%s/\", headersFile: ./headers }".formatted(collector.uri()), studio.uri()),
                    "rw-------");
            Supervisor supervisor = Objects.requireNonNull(Supervisor
                    .start(() -> new FleetFileLoader().load(file, ENVIRONMENT), ENVIRONMENT).block(PATIENCE));
            List<FakeCollector.Seen> seen;
            try {
                String offered = studio.offer("anything");
                assertThat(studio.awaitEnd(offered).error()).isNull();
                seen = collector.awaitJob();
                assertThat(scrape(supervisor)).contains("trace_id=\"" + seen.getFirst().trace() + "\"")
                        .containsPattern("coxswain_job_duration_seconds_bucket\\{pool=\"films\",le=\"[^\"]+\"} 1 # ");

                write("fleet.yaml", FLEET.formatted("", studio.uri()), "rw-------");
                supervisor.fleet().reload().block(PATIENCE);
                String later = studio.offer("nobody follows this one");
                assertThat(studio.awaitEnd(later).error()).isNull();
            } finally {
                supervisor.fleet().drain();
                supervisor.drained().block(PATIENCE);
                supervisor.stop().block(PATIENCE);
            }

            Map<String, FakeCollector.Seen> spans = seen.stream()
                    .collect(Collectors.toMap(FakeCollector.Seen::name, span -> span));
            FakeCollector.Seen job = Objects.requireNonNull(spans.remove("job"));
            assertThat(spans).containsOnlyKeys("lease", "journal", "run", "upload", "settle");
            assertThat(spans.values()).allSatisfy(stage -> {
                assertThat(stage.parent()).isEqualTo(job.id());
                assertThat(stage.from()).isGreaterThanOrEqualTo(job.from());
                assertThat(stage.until()).isBetween(stage.from(), job.until());
                assertThat(stage.isError()).isFalse();
            });
            assertThat(job.attributes()).containsEntry("control_plane", "shorts").containsEntry("pool", "films")
                    .containsEntry("executor", "host").containsEntry("result", "success")
                    .hasEntrySatisfying("job", key -> assertThat(key).startsWith("shorts-p-1"));
            assertThat(Objects.requireNonNull(spans.get("lease")).from()).isEqualTo(job.from());
            assertThat(collector.headers).allSatisfy(
                    headers -> assertThat(headers.get("x-key")).isEqualTo("a-key-that-nobody-guesses"));
            assertThat(String.join("", collector.texts)).contains("build-01").doesNotContain("token-of-a-runner",
                    "a-key-that-nobody-guesses", "X-Goog-Signature", studio.uri().getAuthority());
            // the second job left nothing, and what waited was sent before the end
            assertThat(collector.now()).extracting(FakeCollector.Seen::trace).containsOnly(job.trace());
        }
    }

    private Path write(String name, String text, String rights) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
        return file;
    }

    private static String scrape(Supervisor supervisor) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI metrics = URI.create(supervisor.endpoints().metrics() + "/metrics");
            HttpResponse<String> answer = client.send(HttpRequest.newBuilder(metrics)
                    .header("Accept", "application/openmetrics-text; version=1.0.0").timeout(PATIENCE).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/openmetrics");
            return answer.body();
        }
    }
}
