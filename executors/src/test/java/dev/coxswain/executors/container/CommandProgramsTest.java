package dev.coxswain.executors.container;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The shell programs as this host's shell runs them, outside any container. */
class CommandProgramsTest {
    private static final String ID = "job.000001";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path marks;

    private record End(int code, String said) {}

    private End run(String id, String program, List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", program, "cox").redirectErrorStream(true);
        builder.command().addAll(command);
        builder.environment().putAll(Map.of(CommandPrograms.MARKS, marks.toString(), CommandPrograms.BOX, "cox-none",
                CommandPrograms.ID, id, CommandPrograms.PROGRAM, command.isEmpty() ? "" : command.getFirst()));
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new End(process.waitFor(), said);
    }

    @Test
    void aCommandSaysThatItHasBegunBeforeItsOwnFirstWord() throws Exception {
        assertThat(run(ID, CommandPrograms.RUN, List.of("/bin/sh", "-c", "echo up; exit 7")))
                .isEqualTo(new End(7, "started\0up\n"));
    }

    @Test
    void aCommandThatWasStoppedBeforeItBeganDoesNotBegin() throws Exception {
        Files.createFile(marks.resolve(ID + ".TERM"));

        assertThat(run(ID, CommandPrograms.RUN, List.of("/bin/sh", "-c", "echo up")))
                .isEqualTo(new End(125, "stopped\0"));
    }

    @Test
    void aProgramThatIsNotThereOrNotOneIsTold() throws Exception {
        Path text = Files.createFile(marks.resolve("text"));

        assertThat(run(ID, CommandPrograms.RUN, List.of("cox-no-such-program"))).isEqualTo(new End(125, "missing\0"));
        assertThat(run(ID, CommandPrograms.RUN, List.of(text.toString()))).isEqualTo(new End(125, "forbidden\0"));
    }

    /** The empty name of a command would be found in every process of the host. */
    @ParameterizedTest
    @ValueSource(strings = {"", ".", "job", "job.1", ".000001"})
    void withoutTheNameOfACommandNothingIsSignalled(String id) throws Exception {
        for (String program : List.of(CommandPrograms.TERM, CommandPrograms.KILL, CommandPrograms.AFTER,
                CommandPrograms.RUN)) {
            assertThat(run(id, program, List.of("true"))).isEqualTo(new End(125, ""));
        }
    }

    @Test
    void theFirstNumberOfATextIsReadAndNothingElse() {
        assertThat(ContainerCommand.number("7\n8\n".getBytes(StandardCharsets.US_ASCII))).isEqualTo(7);
        assertThat(ContainerCommand.number("x7".getBytes(StandardCharsets.US_ASCII))).isZero();
        assertThat(ContainerCommand.number(new byte[0])).isZero();
    }
}
