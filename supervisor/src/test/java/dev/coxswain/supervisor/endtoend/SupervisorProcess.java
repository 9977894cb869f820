package dev.coxswain.supervisor.endtoend;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.coxswain.supervisor.Main;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code cox run} as a real process; its log goes on in {@code supervisor.log} over all lives. */
final class SupervisorProcess implements AutoCloseable {
    static final String LOG = "supervisor.log";
    private static final Duration START = Duration.ofSeconds(60);

    private final SupervisorFolder files;
    private final Process process;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final CompletableFuture<Void> logged;

    /** Starts it; it is not yet ready. */
    SupervisorProcess(SupervisorFolder files, Map<String, String> environment) {
        this(files, environment, List.of("-c", files.config().toString()), List.of());
    }

    /**
     * Starts it with these arguments of {@code cox run}.
     *
     * @param options more options of its JVM
     */
    SupervisorProcess(SupervisorFolder files, Map<String, String> environment, List<String> arguments,
            List<String> options) {
        this.files = files;
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-Xmx256m",
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + files.temporary(),
                // not the one of the tests
                "-Dlogback.configurationFile=logback.xml", "-cp", System.getProperty("java.class.path"),
                Main.class.getName(), "run"));
        command.addAll(arguments);
        command.addAll(1, options);
        ProcessBuilder builder = new ProcessBuilder(command).directory(files.folder().toFile())
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("COX_") || name.startsWith("JAVA_"));
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        logged = CompletableFuture.runAsync(this::copyLog, run -> {
            Thread thread = new Thread(run, "supervisor-log");
            thread.setDaemon(true);
            thread.start();
        });
    }

    private void copyLog() {
        try (BufferedReader lines = process.inputReader();
                BufferedWriter log = Files.newBufferedWriter(log(), StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.write(line);
                log.newLine();
                log.flush();
                if (line.contains(" started: name=")) {
                    started.complete(null);
                }
            }
        } catch (IOException e) {
            // a kill closes the pipe in the middle of a line
        }
        started.completeExceptionally(new IllegalStateException("it ended before it had started, see " + log()));
    }

    /** Waits until its runners are in. */
    SupervisorProcess awaitStarted() {
        started.orTimeout(START.toSeconds(), TimeUnit.SECONDS).join();
        return this;
    }

    Path log() {
        return files.folder().resolve(LOG);
    }

    String logText() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** Lets it live for so long; it must not end by itself meanwhile. */
    void live(Duration howLong) throws InterruptedException {
        assertThat(process.waitFor(howLong.toMillis(), TimeUnit.MILLISECONDS)).as("it ended by itself, see " + log())
                .isFalse();
    }

    /** {@code kill -9}; returns when it is dead. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    /** Sends a signal: TERM, STOP, CONT. */
    void signal(String name) throws InterruptedException, IOException {
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(pid())).start().waitFor()).isZero();
    }

    /** Its exit code. */
    int awaitExit(Duration patience) throws InterruptedException {
        assertThat(process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS))
                .as("it did not end within %s, see %s", patience, log()).isTrue();
        logged.orTimeout(START.toSeconds(), TimeUnit.SECONDS).join();
        return process.exitValue();
    }

    /** What its admin server answers below {@code /api/v1/}. */
    String admin(String path) {
        return get(endpoint("admin") + "/api/v1/" + path);
    }

    /** The status that its admin server answers to a POST below {@code /api/v1/}. */
    int post(String path) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(endpoint("admin") + "/api/v1/" + path)).timeout(START)
                    .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString("{}")).build(),
                    HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Its metrics. */
    String metrics() {
        return get(endpoint("metrics") + "/metrics");
    }

    /** One of the addresses that it has written down. */
    String endpoint(String name) {
        try {
            return new JsonMapper().readTree(Files.readString(files.state().resolve("endpoints.json"))).path(name)
                    .asString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String get(String uri) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create(uri)).timeout(START).build(),
                    HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            assertThat(answer.statusCode()).as(uri).isEqualTo(200);
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends what still runs; a test that went well has nothing left. */
    @Override
    public void close() throws InterruptedException {
        if (process.isAlive()) {
            kill();
        }
    }
}
