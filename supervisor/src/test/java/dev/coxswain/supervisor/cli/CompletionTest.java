package dev.coxswain.supervisor.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What shells are told of the commands. */
class CompletionTest {
    @TempDir
    private Path folder = Path.of("");

    private static String script(String shell) {
        StringWriter out = new StringWriter();
        assertThat(Cox.line().setOut(new PrintWriter(out)).execute("completion", shell)).isZero();
        return out.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void everyCommandAndOptionOccurs(String shell) {
        String script = script(shell);
        List<String> expected = new ArrayList<>();
        collect(Cox.line(), shell.equals("fish"), expected);

        assertThat(expected).hasSizeGreaterThan(150);
        assertThat(expected).allSatisfy(word -> assertThat(script).contains(word));
    }

    private static void collect(CommandLine command, boolean fish, List<String> words) {
        command.getCommandSpec().options().stream().filter(option -> !option.hidden()).forEach(option -> words
                .add(fish ? " -l '" + option.longestName().substring(2) + "'" : option.longestName()));
        command.getSubcommands().forEach((name, below) -> {
            words.add(fish ? " -a '" + name + "'" : name);
            collect(below, fish, words);
        });
    }

    @Test
    void fishKnowsPlacesDescriptionsWordsAndFiles() {
        assertThat(script("fish").lines())
                .contains("complete -c cox -n '__cox_at \\'\\'' -a 'status' -d 'Shows the fleet at a glance.'",
                        "complete -c cox -n '__cox_at \\' completion\\'' -a 'bash zsh fish'")
                .anyMatch(line -> line.startsWith("complete -c cox -n '__cox_at \\' runners\\'' -s 'o' -l 'output' -x "
                        + "-a 'text wide json' -d 'text, wide"))
                .anyMatch(line -> line
                        .startsWith("complete -c cox -n '__cox_at \\' functions push\\'' -l 'token-file' -r -F"))
                .noneMatch(line -> line.contains("${"));
    }

    @Test
    void bashAcceptsItsScriptAndCompletes() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "bash is missing");
        Path script = Files.writeString(folder.resolve("cox.bash"), script("bash"));

        assertThat(run("/bin/bash", "-n", script.toString())).isEmpty();
        assertThat(completed(script, "cox", "ben")).containsExactly("bench");
        assertThat(completed(script, "cox", "functions", "pu")).containsExactly("push");
        assertThat(completed(script, "cox", "runners", "--out")).containsExactly("--output");
        assertThat(completed(script, "cox", "runners", "-o", "w")).containsExactly("wide");
        assertThat(completed(script, "cox", "completion", "f")).containsExactly("fish");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zsh", "fish"})
    void otherShellsReadTheirScripts(String shell) throws Exception {
        Path program = Path.of("/usr/bin", shell);
        // a syntax check only, where the shell happens to be; nothing is missed elsewhere, so no skip
        if (Files.isExecutable(program)) {
            Path script = Files.writeString(folder.resolve("cox"), script(shell));
            assertThat(run(program.toString(), "-n", script.toString())).isEmpty();
        }
    }

    /** What the function offers for the last of these words. */
    private List<String> completed(Path script, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("/bin/bash", "-c", """
                source "$1"; shift
                COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
                function=$(complete -p cox | sed 's/.*-F \\([^ ]*\\).*/\\1/')
                "$function" 2> /dev/null
                printf '%s\\n' "${COMPREPLY[@]}"
                """, "complete", script.toString()));
        command.addAll(List.of(words));
        return run(command).lines().map(String::strip).toList();
    }

    private static String run(String... command) throws Exception {
        return run(List.of(command));
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return said.strip();
    }
}
