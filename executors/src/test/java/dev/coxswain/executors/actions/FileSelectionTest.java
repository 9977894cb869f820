package dev.coxswain.executors.actions;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Which files an upload means. */
class FileSelectionTest {
    private static final List<String> FILES = List.of("a.txt", "out/a.txt", "out/b.log", "out/deep/a.txt",
            "out/deep/c.log", "output/x");

    private static List<String> chosen(String told) {
        FileSelection selection = new FileSelection(told.replace(';', '\n'), "/ws/work");
        return FILES.stream().filter(selection::contains).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"a.txt | a.txt", "out | out/a.txt out/b.log out/deep/a.txt out/deep/c.log",
            "./out//deep/ | out/deep/a.txt out/deep/c.log", "out/*.txt | out/a.txt",
            "**/a.txt | a.txt out/a.txt out/deep/a.txt",
            "out/**/*.log | out/b.log out/deep/c.log", "/ws/work/out/b.log | out/b.log",
            "out;!out/**/*.log | out/a.txt out/deep/a.txt",
            "out;!out/deep;out/deep/c.log | out/a.txt out/b.log out/deep/c.log", "ou?/a.txt | out/a.txt",
            "nothing | ''",
            ".;!out;!output | a.txt"})
    void aLineAddsOrTakesAwayAndTheLastOneThatMatchesCounts(String told, String files) {
        assertThat(chosen(told)).isEqualTo(files.isEmpty() ? List.of() : List.of(files.split(" ")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ; ", "!out", "../x", "out/../../x", "/etc/passwd", "/ws/workother", "~/x",
            "a\u0007b"})
    void whatIsNoPathWithinIsRefused(String told) {
        assertThatThrownBy(() -> chosen(told)).isInstanceOf(StepFailure.class).hasMessageStartingWith("path must ");
    }

    @Test
    void itHasBounds() {
        assertThatThrownBy(() -> chosen("a;".repeat(101))).hasMessageContaining("at most 100 lines");
        assertThatThrownBy(() -> chosen("a".repeat(1_025))).isInstanceOf(StepFailure.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"out | out/", "out/*.txt | out/", "out/a.txt | out/",
            "out/deep;out/b.log | out/",
            "a.txt;out | ''", "**/a.txt | ''", "out/deep/a.txt;out/deep/c.log | out/deep/", "out;!a.txt | out/"})
    void anArchiveDoesNotNameWhatAllOfItIsBelow(String told, String root) {
        assertThat(new FileSelection(told.replace(';', '\n'), "/ws/work").root(chosen(told))).isEqualTo(root);
    }

    @Property(tries = 150)
    void everyFileThatIsChosenLiesBelowTheRoot(@ForAll("lines") List<String> lines) {
        String told = String.join("\n", lines);
        FileSelection selection = new FileSelection("out/deep\n" + told, "/ws/work");
        List<String> files = FILES.stream().filter(selection::contains).toList();

        assertThat(files).allMatch(file -> file.startsWith(selection.root(files)));
    }

    @Provide
    Arbitrary<List<String>> lines() {
        return Arbitraries
                .of(Arrays.asList("out", "out/*", "!out/*.log", "**/*.log", "out/deep/a.txt", "!**/a.txt", "a.txt",
                        "output"))
                .list().ofMaxSize(5);
    }
}
