package dev.coxswain.supervisor.endtoend;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.admin.AdminConfig;
import dev.coxswain.supervisor.admin.AdminServer;
import dev.coxswain.supervisor.controlplane.Secret;
import reactor.core.publisher.Sinks;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A page of the console in a real browser, over a fleet of 10,000 runners with 1,000 running jobs. */
abstract class ConsolePage {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Tests run in the module's folder. */
    static final Path PICTURES = Path.of("target", "console");
    static final String JOB = "shorts/job-0";

    @TempDir
    static @Nullable Path folder;
    private static @Nullable Browser browser;

    final WatchedFleet fleet = new WatchedFleet();
    @SuppressWarnings("NullAway.Init")
    AdminServer server;
    @SuppressWarnings("NullAway.Init")
    BrowserPage page;
    URI base = URI.create("http://127.0.0.1");

    @BeforeAll
    static void startBrowser() {
        Path program = Browser.find().orElse(null);
        if (program == null && System.getenv("COX_CI") != null) {
            throw new AssertionError("chromium is missing; .ci/run installs it");
        }
        assumeTrue(program != null, "chromium is missing: apt-get install chromium");
        browser = new Browser(Objects.requireNonNull(program), Objects.requireNonNull(folder));
    }

    @AfterAll
    static void stopBrowser() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void start() {
        serve(null);
        page = Objects.requireNonNull(browser).page();
    }

    void serve(@Nullable Secret token) {
        server = new AdminServer(new AdminConfig("127.0.0.1", 0, token, "127.0.0.1", 0), fleet);
        base = Objects.requireNonNull(server.start().block(PATIENCE));
    }

    @AfterEach
    void stop() {
        page.close();
        server.stop().block(PATIENCE);
    }

    void open(String path) {
        page.open(URI.create(base + path));
    }

    Sinks.Many<byte[]> log(String key) {
        Sinks.Many<byte[]> log = Sinks.many().replay().all();
        fleet.logs.put(key, log);
        return log;
    }

    static void emit(Sinks.Many<byte[]> log, String text) {
        log.tryEmitNext(text.getBytes(StandardCharsets.UTF_8)).orThrow();
    }
}
