package dev.coxswain.supervisor.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What somebody reads who mistypes. */
@Isolated("standard error belongs to the whole JVM")
class UsageTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"''|cox: which command?|Usage: cox", "frobnicate|cox: |frobnicate",
            "runn|cox: |cox run", "run|cox: Error: Missing required argument|Usage: cox run",
            "run -c f --from-env|cox: Error: --config=FILE, --from-env are mutually exclusive|Usage: cox run",
            "register|cox: at which control plane?|Usage: cox register",
            "register xenonflare|cox: Missing required option: '--out=FILE'|Usage: cox register",
            "register oore --url http://127.0.0.1:1 --token-file f|cox: Missing required option: '--out=FILE'|Usage: cox register oore",
            "run -c|cox: Missing required parameter|Usage: cox run",
            "demo --jobs many|cox: Invalid value for option '--jobs'|Usage: cox demo",
            "simulate --listen nowhere|cox: --listen is HOST:PORT|nowhere",
            "--log-format xml doctor|cox: --log-format must be one of|Usage: cox",
            "completion tcsh|cox: Invalid value for positional parameter|Usage: cox completion",
            "completion|cox: Missing required parameter: 'SHELL'|Usage: cox completion",
            "--log-level loud doctor|cox: --log-level must be one of|Usage: cox"})
    void aMistakeBeginsWithTheProgramsNameAndIsExitTwo(String arguments, String first, String then) {
        String[] words = arguments.isEmpty() ? new String[0] : arguments.split(" ");
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream before = System.err;
        int code;
        try (PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            System.setErr(err);
            code = Cox.run(words);
        } finally {
            System.setErr(before);
        }

        assertThat(code).isEqualTo(ExitCodes.USAGE);
        assertThat(said.toString(StandardCharsets.UTF_8)).startsWith(first).contains(then);
    }

    @Test
    void protocolsDoNotShareATokensFile() {
        Path asked = Path.of("some", "shorts.tokens");

        assertThat(SimulateCommand.tokensFile(asked, "a", List.of("a"))).isEqualTo(asked);
        assertThat(SimulateCommand.tokensFile(asked, "a", List.of("a", "b")))
                .isEqualTo(Path.of("some", "shorts.tokens.a"));
        assertThat(SimulateCommand.tokensFile(asked, "b", List.of("a", "b")))
                .isEqualTo(Path.of("some", "shorts.tokens.b"));
    }
}
