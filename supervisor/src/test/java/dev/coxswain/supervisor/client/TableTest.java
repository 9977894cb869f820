package dev.coxswain.supervisor.client;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.client.Table.Column;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

import static org.assertj.core.api.Assertions.assertThat;

class TableTest {
    private static final Terminal WIDE = new Terminal(true, true, 80, 24);

    @Test
    void columnsAreAsWideAsTheirWidestCellAndNumbersAreRight() {
        assertThat(new Table(Column.text("NAME"), Column.number("N"), Column.flexible("WHY"))
                .row("a", "1", "x").row("longer", "1000", "").lines(Terminal.NONE))
                .containsExactly("NAME       N  WHY", "a          1  x", "longer  1000");
    }

    @Test
    void withoutATerminalNothingIsCutOrColoured() {
        String message = "m".repeat(5_000);
        List<String> lines = new Table(Column.word("STATE"), Column.flexible("WHY")).row("running", message)
                .lines(Terminal.NONE);

        assertThat(lines.get(1)).isEqualTo("running  " + message);
    }

    @Test
    void onATerminalTheWidestFlexibleColumnIsCutFirst() {
        Terminal narrow = new Terminal(true, false, 30, 24);
        assertThat(new Table(Column.text("NAME"), Column.flexible("WHY")).row("a-name-of-18-chars", "12345678901234567")
                .lines(narrow)).containsExactly("NAME                WHY", "a-name-of-18-chars  123456789…");
    }

    @Test
    void wordsAreColouredByWhatTheySayAndWidthsDoNotCountThat() {
        assertThat(new Table(Column.word("STATE"), Column.text("NAME")).row("quarantined", "a").row("idle", "b")
                .lines(WIDE)).containsExactly("\u001b[1mSTATE\u001b[0m        \u001b[1mNAME\u001b[0m",
                        "\u001b[31mquarantined\u001b[0m  a", "idle         b");
    }

    @Test
    void nothingInACellSteersTheTerminal() {
        assertThat(new Table(Column.text("A")).row("x\u001b[2Jy\r\nz\u202e\u0007").lines(Terminal.NONE).get(1))
                .isEqualTo("x [2Jy  z\ufffd");
    }

    @Test
    void wideAndCombiningCharactersKeepTheColumnsStraight() {
        assertThat(new Table(Column.text("NAME"), Column.text("B")).row("\u65e5\u672c", "x").row("e\u0301", "x")
                .lines(Terminal.NONE)).containsExactly("NAME  B", "\u65e5\u672c  x", "e\u0301     x");
        assertThat(TextWidth.cut("\u65e5\u672c\u8a9e", 4)).isEqualTo("\u65e5…");
    }

    @Property(tries = 100)
    void noLineIsWiderThanTheTerminal(@ForAll @StringLength(max = 40) String one,
            @ForAll @StringLength(max = 40) String two, @ForAll @IntRange(min = 1, max = 50) int columns) {
        Terminal terminal = new Terminal(true, false, columns, 24);
        assertThat(new Table(Column.text("ONE"), Column.number("N"), Column.flexible("TWO")).row(one, "17", two)
                .lines(terminal)).hasSize(2)
                .allSatisfy(line -> assertThat(TextWidth.of(line)).isLessThanOrEqualTo(columns));
    }
}
