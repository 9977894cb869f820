package dev.coxswain.executors.yaml;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** YAML as JSON, within limits. */
class YamlJsonTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"a: 3.10 | {\"a\":\"3.10\"}", "a: yes | {\"a\":\"yes\"}", "a: | {\"a\":null}",
            "a: ~ | {\"a\":null}", "a: 'null' | {\"a\":\"null\"}", "[1, {b: c}] | [\"1\",{\"b\":\"c\"}]",
            "{a: &x [1], b: *x} | {\"a\":[\"1\"],\"b\":[\"1\"]}", "on: push | {\"on\":\"push\"}"})
    void everyScalarIsATextAsItWasWritten(String yaml, String json) {
        assertThat(YamlJson.parse("f", yaml)).hasToString(json);
    }

    @Test
    void nothingIsNoDocument() {
        assertThat(YamlJson.parse("f", "# nothing\n")).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"a: [ | f, line 1, is not YAML",
            "a: 1\\nb: 2\\na: 3 | f, line 3, has the key a a second time",
            "a: !!int 1 | f, line 1, has a tag", "a: *x | f, line 1, has an alias",
            "a\\n---\\nb | f, line 2, holds a second document",
            "? [a] : b | f, line 1, has a key that is no text", "a: \\0 | f is not YAML: it holds a character"})
    void whatIsNotAllowedIsRefusedWithItsPlace(String yaml, String told) {
        assertThatThrownBy(() -> YamlJson.parse("f", yaml.replace("\\n", "\n").replace("\\0", "\u0001")))
                .isInstanceOf(YamlRefusedException.class).hasMessageStartingWith(told);
    }

    @Test
    void aliasesOfAliasesCostNothing() {
        StringBuilder yaml = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 200; i++) {
            yaml.append("a").append(i).append(": &a").append(i).append(" [*a").append(i - 1).append(", *a")
                    .append(i - 1).append("]\n");
        }

        assertThat(YamlJson.parse("f", yaml.toString())).hasSize(200);
    }
}
