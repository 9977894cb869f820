package dev.coxswain.supervisor.controlplane.xenonflare;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import static org.assertj.core.api.Assertions.assertThat;

class OneLineTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"plain text|plain text", "exit code 3, and/or 1/2|exit code 3, and/or 1/2",
            "/opt/shorts/render.py: no such file|render.py: no such file", "in '/home/a/b.txt' at 7|in 'b.txt' at 7",
            "see https://a.example/b/c?sig=hush now|see https://a.example/b/c now",
            "file:///home/a/x.json missing|x.json missing", "~/work/x|x", "(/tmp/x)|(x)",
            "C:\\Users\\a\\b.txt failed|b.txt failed", "token cred1.hush-hush leaked|token *** leaked",
            "Authorization: Bearer abc.def|Authorization: Bearer ***", "10:30 / 5|10:30 / 5",
            "in /tmp/dir/ now|in  now"})
    void oddTextsBecomeFitForOtherEyes(String text, String clean) {
        assertThat(OneLine.of(text, Studio.CREDENTIAL, 500)).isEqualTo(clean);
    }

    @Example
    void linesBecomeOne() {
        assertThat(OneLine.of(" a\r\n\tb\u2028c\u0000d ", Studio.CREDENTIAL, 500)).isEqualTo("a b c d");
    }

    @Property(tries = 200)
    void theResultIsOneShortLineWithoutTheToken(@ForAll String before, @ForAll String after,
            @ForAll @IntRange(min = 1, max = 500) int most) {
        String clean = OneLine.of(before + Studio.TOKEN + after, Studio.CREDENTIAL, most);

        assertThat(clean).hasSizeLessThanOrEqualTo(most).doesNotContain("\n", "\r", Studio.TOKEN);
        assertThat(clean.isEmpty() || !Character.isHighSurrogate(clean.charAt(clean.length() - 1))
                || before.concat(after).codePoints().anyMatch(c -> c >= 0xd800 && c <= 0xdfff)).isTrue();
    }

    @Example
    void aHostileTextTakesNoLongTime() {
        for (String part : new String[]{"/a", "a/", "https://", "C:\\", "bearer ", "~/"}) {
            assertThat(OneLine.of(part.repeat(100_000), Studio.CREDENTIAL, 500)).hasSizeLessThanOrEqualTo(500);
        }
    }
}
