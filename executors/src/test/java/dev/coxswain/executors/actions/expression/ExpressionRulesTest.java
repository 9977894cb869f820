package dev.coxswain.executors.actions.expression;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What expressions mean. */
class ExpressionRulesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {"1 + 1 | !", "'it''s' | it's", "0xff | 255", "0o17 | 15",
            "-1.5e2 | -150", "1e20 | 1E+20", ".5 | 0.5", "0.1 | 0.1", "1234567890123456789 | 1.23456789012346E+18",
            "null | \"\"", "true | true", "NaN | NaN", "-Infinity | -Infinity", "github.run_id | 42",
            "GITHUB.Run_ID | 42", "shithub['ref'] | refs/heads/main", "vars.region | eu-1", "vars.nothing | \"\"",
            "secrets.token | s3cret", "github.event.labels[1].name | wicked help", "github.event.labels[9].name | \"\"",
            "github.event.labels[1.9].id | 2", "github.event.labels[-1] | \"\"",
            "join(github.event.labels.*.name, '; ') | wicked bug; wicked help",
            "join(github.event.labels[*].id) | 1,2,3", "github.event.labels | Array", "github | Object",
            "github.event.number.x.y | \"\"", "vars[format('{0}', 'region')] | eu-1"})
    void aValueIsAsWritten(String expression, String text) {
        if (text.equals("!")) {
            assertThatThrownBy(() -> Worlds.value(expression)).isInstanceOf(ExpressionException.class);
        } else {
            assertThat(Worlds.text(expression)).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '"', value = {"1 == 1 ~ true", "'a' == 'A' ~ true", "'1' == 1 ~ true",
            "'' == 0 ~ true", "null == 0 ~ true", "null == '' ~ true", "true == 1 ~ true", "true == 'true' ~ false",
            "'x' == 0 ~ false", "NaN == NaN ~ false", "NaN != NaN ~ true", "'0x10' == 16 ~ true", "' 3 ' == 3 ~ true",
            "1 < 2 ~ true", "2 <= 2 ~ true", "'a' < 'B' ~ true", "'10' > 9 ~ true", "'x' > 1 ~ false",
            "'x' <= 1 ~ false", "github == github ~ true", "github.event.labels == github.event.labels ~ true",
            "!'' ~ true", "!0 ~ true", "!'false' ~ false", "!NaN ~ true", "!github ~ false", "!!1 ~ true",
            "1 < 2 == true ~ true", "true && 'a' ~ a", "0 && 'a' ~ 0", "'' || 'b' ~ b", "'a' || 'b' ~ a",
            "false || null || 'c' ~ c", "true && 0 || 'd' ~ d", "1 == 2 || 3 == 3 && 4 == 4 ~ true",
            "(1 == 2 || 3 == 3) && 4 == 5 ~ false", "contains('Hello', 'ELL') ~ true", "contains('abc', '') ~ true",
            "contains(github.event.labels.*.id, 2) ~ true", "contains(github.event.labels.*.id, 9) ~ false",
            "contains(fromJSON('[\"a\",\"b\"]'), 'B') ~ true", "contains(github, 'x') ~ false",
            "startsWith(github.ref, 'REFS/') ~ true", "endsWith('abc', 'C') ~ true", "startsWith(12, 1) ~ true",
            "format('{0}-{1}-{0}', 'a', 2) ~ a-2-a", "format('{{{0}}}', 'a') ~ {a}", "join('a', ',') ~ a",
            "fromJSON('{\"a\": [1, true]}').a[1] ~ true", "toJSON('a\"b') ~ \"\"\"a\\\"\"b\"\"\"",
            "fromJSON(toJSON(github.event)).number ~ 7", "success() ~ true", "failure() ~ false", "always() ~ true",
            "cancelled() ~ false"})
    void operatorsAndFunctionsAgreeWithTheirDescription(String expression, String text) {
        String expected = expression.startsWith("toJSON") ? "\"a\\\"b\"" : text;
        assertThat(Worlds.text(expression)).isEqualTo(expected);
    }

    @Test
    void jsonIsWrittenWithTwoSpaces() {
        assertThat(Worlds.text("toJSON(fromJSON('{\"a\":[1,{\"b\":null}],\"c\":{},\"d\":[]}'))")).isEqualTo("""
                {
                  "a": [
                    1,
                    {
                      "b": null
                    }
                  ],
                  "c": {},
                  "d": []
                }""");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
            "\"\" | column 4: expected is a value, and there is the end",
            " 1 2 | column 6: expected is an operator or the end, and there is a number",
            " a b | column 6: expected is an operator or the end, and there is 'b'",
            "github.'a' | column 11: expected is a name, and there is a text", "'abc | column 1: this ${{ has no }}",
            "nope() | column 4: there is no function nope", "hashFiles('x') | column 4: there is no function hashFiles",
            "contains('a') | column 4: contains takes 2 arguments, not 1", "1x | column 4: this is no number",
            "1.2.3 | column 4: this is no number", "\"\"\"a\"\"\" | column 4: a text stands between single quotes",
            "a % b | column 6: no expression has this character in it: %",
            "a\u00a0b | column 5: no expression has this character in it: U+00A0",
            "a = b | column 6: no expression has this character in it: =", "a[1 | column 7: expected is ']'",
            "(a | column 6: expected is ')'", "nowhere.a | column 4: there is no context nowhere here; there are",
            "secrets.gone | column 12: there is no secret gone",
            "secrets[github.event.title] | column 11: there is no secret of this name",
            "fromJSON('{') | column 4: fromJSON got a text that is no JSON",
            "format('{1}', 'a') | column 4: format got a text that names",
            "format('{x}', 'a') | column 4: format got a text that names",
            "format('}') | column 4: format got a text with a }"})
    void anErrorNamesItsPlaceAndNoValue(String expression, String message) {
        assertThatThrownBy(() -> Template.parse("${{" + expression + "}}").text(Worlds.context()))
                .isInstanceOf(ExpressionException.class).hasMessageStartingWith("line 1, " + message)
                .hasMessageNotContaining(Worlds.MARK).hasMessageNotContaining("s3cret");
    }

    @Test
    void aPlaceIsCountedInLines() {
        assertThatThrownBy(() -> Template.parse("echo\n  ${{ 1 }} ${{ ! }}"))
                .hasMessageStartingWith("line 2, column 18: ");
        assertThatThrownBy(() -> Template.parse("a\n${{ 'b }}")).hasMessage("line 2, column 1: this ${{ has no }}");
    }

    @Test
    void whatIsTooLongOrTooDeepIsRefused() {
        assertThatThrownBy(() -> Worlds.value("'" + "x".repeat(Parser.MOST_CHARS) + "'"))
                .hasMessageContaining("longer");
        for (String deep : new String[]{"(".repeat(1_000) + "1" + ")".repeat(1_000), "!".repeat(5_000) + "1",
                "github" + ".a".repeat(5_000), "1" + " == 1".repeat(2_000), "contains(".repeat(1_000),
                "a" + "[0]".repeat(2_000), "vars[".repeat(2_000)}) {
            assertThatThrownBy(() -> Worlds.value(deep)).isInstanceOf(ExpressionException.class)
                    .hasMessageContaining("nested deeper than 64 levels");
        }
        assertThat(Worlds.text("true" + " && true".repeat(1_500))).isEqualTo("true");
    }

    @Test
    void noExpressionMakesATextOfAnyLength() {
        String wide = "format('" + "{0}".repeat(100) + "', 'xxxxxxxxxx')";
        for (int i = 0; i < 3; i++) {
            wide = "format('" + "{0}".repeat(100) + "', " + wide + ")";
        }
        String expression = wide;

        assertThatThrownBy(() -> Worlds.value(expression)).isInstanceOf(ExpressionException.class)
                .hasMessageContaining("longer than 1048576 characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "true", "github.ref == 'refs/heads/main'", "${{ true }}",
            " ${{ vars.count > 2 }} ",
            "success()", "contains('${{ }}', '}}')", "${{ contains('a}}b', '}}') }}"})
    void aConditionHoldsWhileAllGoesWellAndNoLonger(String condition) {
        assertThat(Condition.parse(condition).holds(Worlds.context())).isTrue();
        assertThat(Condition.parse(condition).holds(Worlds.context(Context.Status.FAILURE))).isFalse();
        assertThat(Condition.parse(condition).holds(Worlds.context(Context.Status.CANCELLED))).isFalse();
    }

    @Test
    void aConditionThatAsksForTheStatusIsNotTiedToSuccess() {
        Context failed = Worlds.context(Context.Status.FAILURE);

        assertThat(Condition.parse("failure()").holds(failed)).isTrue();
        assertThat(Condition.parse("failure()").holds(Worlds.context())).isFalse();
        assertThat(Condition.parse("Always() && vars.region == 'EU-1'").holds(failed)).isTrue();
        assertThat(Condition.parse("!cancelled()").holds(failed)).isTrue();
        assertThat(Condition.parse("!cancelled()").holds(Worlds.context(Context.Status.CANCELLED))).isFalse();
        assertThat(Condition.parse("${{ failure() || github.nothing }}").holds(failed)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"${{ github.a }} == 'x'", "${{ false }} x", "${{ a", "a }}", "!"})
    void aConditionThatWouldAlwaysHoldIsRefused(String condition) {
        assertThatThrownBy(() -> Condition.parse(condition)).isInstanceOf(ExpressionException.class)
                .hasMessageStartingWith("line 1, column ");
    }
}
