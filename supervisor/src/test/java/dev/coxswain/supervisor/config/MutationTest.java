package dev.coxswain.supervisor.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/** Whatever a file holds, it is a configuration or it is refused with reasons. */
class MutationTest {
    private static final String WHOLE = """
            supervisor:
              name: build-01
              stateDir: state
              admin:   { listen: "127.0.0.1:8710", token: "${T}" }
              metrics: { listen: "[::1]:0" }
              drain:   { grace: 10m }
              logs:    { spillPerJob: 64MiB }
            slots: &s { total: 64 }
            uploads: { parallel: 32, perJob: 4 }
            controlPlanes:
              shorts: { protocol: xenonflare-studio, url: "https://cloud.example.org", poll: { min: 500ms, max: 30s } }
            executors: { host: { kind: process, sandbox: none } }
            pools:
              - name: shorts
                controlPlane: shorts
                credentials: { values: [ tok-1, 'tok-2' ], env: T }
                labels: [ self-hosted, linux ]
                workload: { kind: pipeline, command: [ render, "-x" ], timeout: 30m, env: { A: "${T}${file:fleet.yaml}" } }
                weight: 1
            sharding: { mode: none }
            """;
    private static final String[] BITS = {"{", "}", "[", "]", ":", "- ", "&s ", "*s", "!", "!!int ", "%", "@", "`",
            "\"", "'",
            "|", ">", "? ", "\n", "\t", "  ", "#", "---\n", "...\n", "${", "${T}", "<<: ", "~", "\0", "\uFEFF",
            "\u2028", "9".repeat(30),
            "%YAML 9.9\n", "%TAG ! x\n", "\\u", "\ud83d\ude00", "null"};
    private static Path path = Path.of("");

    @BeforeContainer
    static void create() throws IOException {
        path = Files.createTempDirectory("coxswain-config");
    }

    @AfterContainer
    static void remove() throws IOException {
        Files.deleteIfExists(path.resolve("fleet.yaml"));
        Files.delete(path);
    }

    @Property(tries = 1500)
    void aMutatedFileIsLoadedOrRefused(@ForAll Random random) {
        byte[] bytes = mutated(random);
        Folder folder = new Folder(path);
        folder.write("fleet.yaml", bytes);

        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> assertThatCode(() -> {
            try {
                FleetFile fleet = folder.loader().load(Path.of("fleet.yaml"), Map.of("T", "from-env"));
                assertThat(fleet.pools()).isNotEmpty();
            } catch (ConfigException e) {
                assertThat(e.problems()).isNotEmpty();
                assertThat(e.getMessage()).doesNotContain("from-env");
            }
        }).doesNotThrowAnyException());
    }

    private static byte[] mutated(Random random) {
        StringBuilder text = new StringBuilder(WHOLE);
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + 1 + random.nextInt(12));
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, BITS[random.nextInt(BITS.length)]);
                case 1 -> text.delete(at, end);
                case 2 -> text.insert(random.nextInt(text.length()), text.substring(at, end));
                default -> text.setCharAt(at, (char) random.nextInt(random.nextBoolean() ? 128 : 0xD800));
            }
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(10) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(10) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }
}
