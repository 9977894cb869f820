package dev.coxswain.supervisor.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

class DotEnvTest {
    private final Problems problems = new Problems();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"A=b|b", "  export  A = b  |b", "A=|``", "A=#b|``",
            "A=b #c|b",
            "A=b#c|b#c", "A=a=b|a=b", "A='b # c' # d|b # c", "A=\"b # c\"|b # c", "A='a\\nb'|a\\nb",
            "A=\"a\\\"b\\\\c\\$d\\e\"|a\"b\\c$d\\e", "A=$HOME|$HOME", "A=it's|it's", "# A=c~A=b|b", "A=b~A=c|c",
            "A=b^~|b"})
    void aValueIsReadAsPeopleMeanIt(String text, String value) {
        Map<String, DotEnv.Variable> read = DotEnv.parse(".env", text.replace('~', '\n').replace('^', '\r'), problems);

        assertThat(problems()).isEmpty();
        assertThat(read.get("A")).extracting(DotEnv.Variable::value).isEqualTo(value);
    }

    @Test
    void aQuotedValueGoesOverLinesAndTheLinesBehindItKeepTheirNumbers() {
        Map<String, DotEnv.Variable> read = DotEnv.parse(".env", "A=\"one\ntwo\\n\"\nB='x\n\n'\nC=d\noops\n", problems);

        assertThat(read).containsEntry("A", new DotEnv.Variable("one\ntwo\n", 1))
                .containsEntry("B", new DotEnv.Variable("x\n\n", 3)).containsEntry("C", new DotEnv.Variable("d", 6));
        assertThat(problems()).containsExactly(".env:7: the line is no assignment; write NAME=value");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "s3cret|the line is no assignment; write NAME=value",
            "A-B=s3cret|the line is no assignment; write NAME=value",
            "=s3cret|the line is no assignment; write NAME=value",
            "A='s3cret|the line has a quote without its end",
            "A=\"s3cret\" s3cret|the line goes on behind the closing quote; only a comment may stand there",
            "A=s3cret^|the line has a NUL character"})
    void aWrongLineIsToldByItsNumberAndNeverByItsText(String line, String message) {
        DotEnv.parse(".env", "OK=1\n\n" + line.replace('^', '\0') + "\nLAST=2\n", problems);

        assertThat(problems()).containsExactly(".env:3: " + message).noneMatch(text -> text.contains("s3cret"));
    }

    @Test
    void aLostQuoteDoesNotHideWhatIsWrongBehindIt() {
        Map<String, DotEnv.Variable> read = DotEnv.parse(".env", "A='b\nC=d\noops\n", problems);

        assertThat(problems()).hasSize(2).last().asString().startsWith(".env:3: ");
        assertThat(read).containsOnlyKeys("C");
    }

    @Test
    void thereAreLimits() {
        StringBuilder many = new StringBuilder("LONG=" + "x".repeat(40_000) + "\n");
        for (int i = 0; i < 1001; i++) {
            many.append("V").append(i).append("=1\n");
        }

        assertThat(DotEnv.parse(".env", many.toString(), problems)).hasSize(1000);
        assertThat(problems()).containsExactly(".env:1: the line has a value of more than 32KiB",
                ".env:1002: the line is one variable too many; there may be 1000");
    }

    @Property(tries = 200)
    void anyTextIsReadOrRefusedInItsOwnWords(
            @ForAll @StringLength(max = 200) @CharRange(from = '\t', to = '~') String text) {
        Problems found = new Problems();

        assertThatCode(() -> DotEnv.parse(".env", text, found)).doesNotThrowAnyException();
        assertThatCode(() -> DotEnv.parse(".env", "A=" + text + "\n\"'\\", found)).doesNotThrowAnyException();
    }

    @Property(tries = 200)
    void whatIsQuotedComesBack(@ForAll @StringLength(max = 60) @CharRange(from = ' ', to = '~') String value) {
        String quoted = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "\\$");

        assertThat(DotEnv.parse(".env", "# x\nexport A=\"" + quoted + "\" # y", new Problems()))
                .containsEntry("A", new DotEnv.Variable(value, 2));
    }

    private List<String> problems() {
        try {
            problems.throwIfAny(".env");
            return new ArrayList<>();
        } catch (ConfigException e) {
            return e.problems().stream().map(Problem::toString).toList();
        }
    }
}
