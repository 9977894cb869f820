package dev.coxswain.supervisor.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

/** The scripts that a distribution brings are those of the code; {@code -Dcoxswain.regenerate=true} writes them anew. */
class CompletionFilesTest {
    private static final Path FOLDER = Path.of("").toAbsolutePath().resolveSibling("deploy").resolve("completions");

    @ParameterizedTest
    @ValueSource(strings = {"bash", "fish"})
    void theShippedScriptIsThatOfTheCode(String shell) throws IOException {
        StringWriter printed = new StringWriter();
        CommandLine cox = Cox.line();
        cox.setOut(new PrintWriter(printed));
        assertThat(cox.execute("completion", shell)).isZero();

        Path file = FOLDER.resolve("cox." + shell);
        if (Boolean.getBoolean("coxswain.regenerate")) {
            Files.writeString(file, printed.toString());
        }
        assertThat(file).as("stale: run the test with -Dcoxswain.regenerate=true").content()
                .isEqualTo(printed.toString());
    }
}
