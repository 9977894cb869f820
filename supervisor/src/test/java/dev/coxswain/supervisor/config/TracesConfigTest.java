package dev.coxswain.supervisor.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.traces.TracesConfig;

import static org.assertj.core.api.Assertions.assertThat;

/** Where traces go. */
class TracesConfigTest {
    @TempDir
    private Path path = Path.of("");

    private static String yaml(String traces) {
        return "supervisor: { traces: " + traces + " }\n" + Folder.LEAST;
    }

    @Test
    void theyAreOffUnlessTheyAreAskedFor() {
        assertThat(new Folder(path).load(Folder.LEAST).traces()).isNull();
        assertThat(new Folder(path).load(yaml("{ otlp: \"http://otel.example.org:4318/\" }")).traces())
                .isEqualTo(new TracesConfig(URI.create("http://otel.example.org:4318"), 1, Map.of()));
    }

    @Test
    void headersComeFromAFileAndAreSecrets() {
        Folder folder = new Folder(path);
        folder.write("headers", "\n# a key of ours\nAuthorization: Bearer abc:def\nx-team: films\n");
        FleetFile file = folder
                .load(yaml("{ otlp: https://otel.example.org, sample: 0.25, headersFile: headers }"));

        assertThat(file.traces()).isEqualTo(new TracesConfig(URI.create("https://otel.example.org"), 0.25,
                Map.of("Authorization", new Secret("Bearer abc:def"), "x-team", new Secret("films"))));
        assertThat(file.toString()).doesNotContain("abc:def");
        assertThat(file.secrets()).contains(new Secret("Bearer abc:def")).doesNotContain(new Secret("films"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            { sample: 0.5 }                                                | is missing
            { otlp: https://a.example, sample: 0 }                         | must be above 0
            { otlp: https://a.example, sample: 1.5 }                       | at most 1
            { otlp: otel:4318 }                                            | must begin with https:// or http://
            { otlp: https://a.example, headersFile: none }                 | headersFile
            { otlp: http://a.example, headersFile: good }                  | must begin with https://
            { otlp: https://a.example, headersFile: bad }                  | line 2 is not a header
            { otlp: https://a.example, headersFile: twice }                | line 2: this header is there already
            { otlp: https://a.example, headersFile: host }                 | line 1: this header is set by the request
            """)
    void whatIsWrongIsSaidWithoutTheSecret(String traces, String problem) {
        Folder folder = new Folder(path);
        folder.write("good", "x-key: key-of-ours\n");
        folder.write("bad", "# ours\nkey-of-ours\n");
        folder.write("twice", "x-key: key-of-ours\nX-Key: key-of-ours\n");
        folder.write("host", "Host: key-of-ours\n");

        assertThat(folder.problems(yaml(traces))).singleElement().asString().contains("supervisor.traces", problem)
                .doesNotContain("key-of-ours");
    }

    @Test
    void aHeaderFileThatEverybodyReadsIsAWarning() {
        Folder folder = new Folder(path);
        folder.write("headers", "x-key: key-of-ours\n");
        folder.open("headers");

        assertThat(folder.load(yaml("{ otlp: https://a.example, headersFile: headers }")).warnings()).singleElement()
                .asString().contains("supervisor.traces.headersFile", "everybody on this host can read");
    }
}
