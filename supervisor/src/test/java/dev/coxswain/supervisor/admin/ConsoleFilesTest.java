package dev.coxswain.supervisor.admin;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.controlplane.Secret;

import static org.assertj.core.api.Assertions.assertThat;

class ConsoleFilesTest {
    /** Tests run in the module's folder. */
    private static final Path SOURCES = Path.of("src/main/resources/dev/coxswain/supervisor/admin/console");
    private static final int MOST_LINES = 300;

    private final AdminServer server = new AdminServer(
            new AdminConfig("127.0.0.1", 0, new Secret("s3cret"), "127.0.0.1", 0), new ToyFleet());
    private Caller caller = new Caller(URI.create("http://127.0.0.1"), Map.of());

    @BeforeEach
    void start() {
        caller = new Caller(Objects.requireNonNull(server.start().block(Caller.PATIENCE)), Map.of());
    }

    @AfterEach
    void stop() {
        server.stop().block(Caller.PATIENCE);
    }

    @Test
    void everyFileIsServedWithoutTheTokenAndWithAStrictPolicy() {
        for (String name : ConsoleFiles.NAMES) {
            Caller.Answer answer = caller.get(name.equals("index.html") ? "/" : "/console/" + name);

            assertThat(answer.status()).as(name).isEqualTo(200);
            assertThat(answer.headers().get("Content-Security-Policy")).contains("default-src 'none'",
                    "script-src 'self';", "frame-ancestors 'none'", "require-trusted-types-for 'script'")
                    .doesNotContain("unsafe");
            assertThat(answer.headers().get("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.headers().get("Content-Type")).as(name).doesNotContain("octet-stream");
            assertThat(answer.body()).doesNotContain("s3cret");
        }
        assertThat(caller.get("/api/v1/status").status()).isEqualTo(401);
        assertThat(caller.post("/", "").status()).isEqualTo(405);
    }

    @Test
    void aFileThatIsStillTheSameIsNotSentAgain() {
        Caller.Answer first = caller.get("/console/app.js");
        String tag = Objects.requireNonNull(first.headers().get("ETag"));

        assertThat(first.headers().get("Cache-Control")).isEqualTo("no-cache");
        Caller.Answer again = caller.with("If-None-Match", tag).get("/console/app.js");
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(caller.with("If-None-Match", "\"older\"").get("/console/app.js").status()).isEqualTo(200);
    }

    @Test
    void theListIsWhatIsThereAndEachFileIsShortAndMakesNoMarkupFromText() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            assertThat(all).extracting(file -> SOURCES.relativize(file).toString())
                    .containsExactlyInAnyOrderElementsOf(ConsoleFiles.NAMES);
            for (Path file : all) {
                assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThan(MOST_LINES);
                assertThat(Files.readString(file)).as(file.toString())
                        .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
                                "https://", "//cdn");
            }
        }
    }
}
