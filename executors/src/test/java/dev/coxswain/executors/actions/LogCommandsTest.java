package dev.coxswain.executors.actions;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.coxswain.executors.CommandEvent.Stream;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.ExecutionEvent.Annotation;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

import static org.assertj.core.api.Assertions.assertThat;

/** Lines for the runner in the output of a step. */
class LogCommandsTest {
    private static List<ExecutionEvent> read(String... chunks) {
        LogCommands commands = new LogCommands();
        List<ExecutionEvent> events = new ArrayList<>();
        for (String chunk : chunks) {
            events.addAll(commands.take(Stream.STDOUT, chunk.getBytes(StandardCharsets.UTF_8)));
        }
        events.addAll(commands.rest());
        return events;
    }

    private static List<ExecutionEvent> meant(List<ExecutionEvent> events) {
        return events.stream().filter(event -> !(event instanceof ExecutionEvent.Output)).toList();
    }

    private static String text(List<ExecutionEvent> events) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        events.forEach(event -> {
            if (event instanceof ExecutionEvent.Output(var stream, var written)) {
                bytes.writeBytes(written);
            }
        });
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aMaskIsLearntBeforeAnyOfItsBytesAreShown() {
        List<ExecutionEvent> events = read("a\n ::Add-", "Mask::hid", "den-1%0Ahidden-2", "%0D\nhidden-1");

        assertThat(meant(events)).containsExactly(new ExecutionEvent.SecretLearnt("hidden-1\nhidden-2\r"),
                new ExecutionEvent.SecretLearnt("hidden-1"), new ExecutionEvent.SecretLearnt("hidden-2"));
        int first = events.indexOf(new ExecutionEvent.SecretLearnt("hidden-1"));
        assertThat(text(events.subList(0, first))).isEqualTo("a\n");
    }

    @Test
    void aShortMaskWouldHideHalfOfTheLogAndIsToldOfOnce() {
        List<ExecutionEvent> events = read("a\n::add-mask::a\n::add-mask::12345\n::add-mask::\n");

        assertThat(meant(events)).isEmpty();
        assertThat(text(events))
                .isEqualTo("a\n" + CommandLines.TOO_SHORT + "::add-mask::a\n::add-mask::12345\n::add-mask::\n");
    }

    @Test
    void manyMasksWouldSlowALogDown() {
        assertThat(meant(read("::add-mask::abcdef\n".repeat(CommandLines.MOST_MASKS + 5))))
                .hasSize(CommandLines.MOST_MASKS);
    }

    @Test
    void remarksTellTheirPlace() {
        assertThat(
                meant(read("::error file=a%2Cb.c,line=12,title=t::100%25 %0Abad\n::warning::w\n::notice line=x::n\n")))
                .containsExactly(new Annotation(Annotation.Level.ERROR, "100% \nbad", "a,b.c", 12),
                        new Annotation(Annotation.Level.WARNING, "w", "", 0),
                        new Annotation(Annotation.Level.NOTICE, "n", "", 0));
        assertThat(meant(read("x ::error::a\n:error::b\n::error:c\n::group::g\n::set-output name=a::b\n:::\n::\n")))
                .isEmpty();
    }

    @Test
    void commandsCanBeSwitchedOffAroundWhatAStrangerWrote() {
        assertThat(meant(read("::stop-commands::t0k\n::error::a\n::stop-commands::x\n::t0k::\n::error::b\n")))
                .containsExactly(new Annotation(Annotation.Level.ERROR, "b", "", 0));
    }

    @Test
    void whatHasNoEndIsNotHeldForEver() {
        LogCommands commands = new LogCommands();
        String start = "::" + "x".repeat(LogCommands.MOST_HELD);

        assertThat(text(commands.take(Stream.STDOUT, start.getBytes(StandardCharsets.UTF_8)))).isEqualTo(start);
        assertThat(text(commands.take(Stream.STDOUT, "y".getBytes(StandardCharsets.UTF_8)))).isEqualTo("y");
    }

    @Test
    void aLineThatIsNoCommandIsNotHeldAtAll() {
        LogCommands commands = new LogCommands();

        assertThat(text(commands.take(Stream.STDOUT, "50 %".getBytes(StandardCharsets.UTF_8)))).isEqualTo("50 %");
        assertThat(text(commands.take(Stream.STDERR, ":)".getBytes(StandardCharsets.UTF_8)))).isEqualTo(":)");
    }

    @Property(tries = 200)
    void theBytesAreTheSameAndTheCutsDoNotMatter(@ForAll("logs") String log,
            @ForAll @IntRange(min = 1, max = 9) int cut) {
        List<String> chunks = new ArrayList<>();
        for (int i = 0; i < log.length(); i += cut) {
            chunks.add(log.substring(i, Math.min(log.length(), i + cut)));
        }
        List<ExecutionEvent> events = read(chunks.toArray(String[]::new));

        assertThat(text(events).replace(CommandLines.TOO_SHORT, "")).isEqualTo(log);
        assertThat(meant(events)).isEqualTo(meant(read(log)));
    }

    @Provide
    Arbitrary<String> logs() {
        return Arbitraries
                .of("::", ":", "add-mask", "error", " ", "\n", "\r\n", "secret-1", "stop-commands", "x", "file=a",
                        "%0A")
                .list().ofMaxSize(25).map(words -> String.join("", words));
    }
}
