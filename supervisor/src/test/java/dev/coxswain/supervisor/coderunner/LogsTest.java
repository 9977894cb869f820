package dev.coxswain.supervisor.coderunner;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.supervisor.controlplane.FeedItem;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.JobFeed;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.coderunner.LogLine;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class LogsTest {
    @TempDir
    Path dir;
    private TestServer server;

    @BeforeEach
    void start() {
        server = new TestServer(dir);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String deployed() {
        String definition = server.definition(2);
        return server.deployment(definition, server.version(definition));
    }

    private String run(String deployment, String... output) {
        String id = server.post("/api/execution/run/onetime/" + deployment, "{}").data().get("executionId")
                .stringValue();
        Lease lease = server.runner.begun();
        JobFeed feed = Objects.requireNonNull(lease.feed());
        for (String text : output) {
            feed.send(List.of(new FeedItem.Output(CommandEvent.Stream.STDOUT, text.getBytes(StandardCharsets.UTF_8))))
                    .block(TestServer.PATIENCE);
        }
        feed.end().block(TestServer.PATIENCE);
        TestRunner.settle(lease, new Outcome.Complete("{\"result\":1}"));
        return id;
    }

    private List<String> texts(String path) {
        return server.get(path).data().values().stream().map(line -> line.get("text").stringValue()).toList();
    }

    @Test
    void linesOfAnExecutionAreKeptWithWhatTheyBelongTo() throws IOException {
        String deployment = deployed();
        String id = run(deployment, "one\ntw", "o\r\nthree");

        assertThat(texts("/api/execution/" + id + "/logs")).containsExactly("one", "two", "three");
        JsonNode line = server.get("/api/execution/" + id + "/logs?tail=1").data().get(0);
        assertThat(line.get("text").stringValue()).isEqualTo("three");
        assertThat(line.get("stream").stringValue()).isEqualTo("stdout");
        assertThat(line.get("execution").stringValue()).isEqualTo(id);
        assertThat(line.get("deployment").stringValue()).isEqualTo(deployment);
        assertThat(line.get("tenant").stringValue()).isEqualTo(server.workspace);
        assertThat(line.get("runner").stringValue()).isEqualTo("functions-1");
        Instant.parse(line.get("time").stringValue());
        try (Stream<Path> files = Files.walk(dir.resolve("coderunner/logs"))) {
            assertThat(files.filter(Files::isRegularFile)).singleElement().satisfies(
                    file -> assertThat(Files.readAllLines(file)).hasSize(3));
        }
    }

    @Test
    void aDeploymentsLogIsThatOfItsExecutions() {
        String deployment = deployed();
        run(deployment, "a1\na2\n");
        run(deployment);
        run(deployment, "b1\nb2\n");

        assertThat(texts("/api/deployment/" + deployment + "/logs")).containsExactly("a1", "a2", "b1", "b2");
        assertThat(texts("/api/deployment/" + deployment + "/logs?tail=3")).containsExactly("a2", "b1", "b2");
        assertThat(server.get("/api/deployment/" + deployment + "/logs?tail=0").status()).isEqualTo(400);
    }

    @Test
    void nobodyElseReadsThem() {
        String deployment = deployed();
        String id = run(deployment, "secret\n");
        server.workspace = TestServer.OTHER.toString();

        assertThat(server.get("/api/execution/" + id + "/logs").status()).isEqualTo(404);
        assertThat(server.get("/api/deployment/" + deployment + "/logs").status()).isEqualTo(404);
    }

    @Test
    void aNoisyProgramIsThrottledAndItsLogSaysSo() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        Throttle throttle = new Throttle(FleetClock.of(time));
        LogLine line = new LogLine("stdout", "x".repeat(10_000));
        List<LogLine> many = Collections.nCopies(1_000, line);

        int kept = throttle.admit(many).size();
        assertThat(kept).isBetween(300, 500);
        assertThat(throttle.admit(List.of(line))).isEmpty();
        time.advanceTimeBy(Duration.ofSeconds(1));
        List<LogLine> later = throttle.admit(List.of(line));
        assertThat(later).hasSize(2);
        assertThat(later.get(0).stream()).isEqualTo("system");
        assertThat(later.get(0).text()).startsWith((1_001 - kept) + " lines");

        int more = throttle.admit(many).size();
        assertThat(throttle.admit(List.of())).as("at the end of the output").singleElement()
                .satisfies(last -> assertThat(last.text()).startsWith((1_000 - more) + " lines"));
        assertThat(throttle.admit(List.of())).isEmpty();
    }
}
