package dev.coxswain.executors.flutter;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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

class ArtifactPatternTest {
    @ParameterizedTest
    @CsvSource({"*.apk, a.apk, true", "*.apk, build/app/a.apk, true", "*.apk, build/a.apks, false",
            "build/*.apk, build/a.apk, true", "build/*.apk, build/app/a.apk, false", "build/*.apk, a.apk, false",
            "build/**/*.aab, build/a.aab, true", "build/**/*.aab, build/b/c/a.aab, true",
            "build/**/*.aab, bui/b/a.aab, false", "**/x?.txt, x1.txt, true", "**/x?.txt, a/b/x1.txt, true",
            "**/x?.txt, a/x12.txt, false", "build/**, build/a/b, true", "build/**, build, true",
            "'  *.apk  ', a.apk, true", "a*b*c, axxbyyc, true", "a*b*c, axxbyy, false", "**.apk, d/a.apk, true"})
    void starsStayWithinASegmentAndTwoOfThemDoNot(String pattern, String path, boolean matches) {
        assertThat(ArtifactPattern.of(pattern, "p").matches(path)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "build/app.apk", "/build/*.apk", "build\\*.apk", "a//*.apk", "./*.apk",
            "../*.apk", "a/../*", "*/"})
    void whatIsNoPatternIsRefusedWithItsPlace(String pattern) {
        assertThatThrownBy(() -> ArtifactPattern.of(pattern, "file: artifacts.patterns[3]"))
                .isInstanceOf(BuildEnd.class).hasMessageStartingWith("file: artifacts.patterns[3] ");
    }

    @Property(tries = 200)
    void aPatternMatchesWhatTheSameRegularExpressionMatches(@ForAll("patterns") List<String> segments,
            @ForAll("paths") List<String> path) {
        String pattern = String.join("/", segments) + "/*";
        StringBuilder regex = new StringBuilder();
        for (String segment : segments) {
            regex.append(segment.equals("**") ? "(?:[^/]+/)*" : glob(segment) + "/");
        }

        assertThat(ArtifactPattern.of(pattern, "p").matches(String.join("/", path)))
                .isEqualTo(Pattern.matches(regex + "[^/]*", String.join("/", path)));
    }

    private static String glob(String segment) {
        return segment.chars().mapToObj(c -> c == '*' ? "[^/]*" : c == '?' ? "[^/]" : Character.toString(c))
                .collect(Collectors.joining());
    }

    @Provide
    Arbitrary<List<String>> patterns() {
        return Arbitraries.of("**", "*", "a", "b", "a*", "?", "*b", "a?b*", "***").filter(text -> !text.equals("***"))
                .list().ofMinSize(1).ofMaxSize(6);
    }

    @Provide
    Arbitrary<List<String>> paths() {
        return Arbitraries.of("a", "b", "ab", "aab", "axb").list().ofMinSize(1).ofMaxSize(7);
    }

    @Test
    void noPatternTakesLongerThanItsLengthTimesThePaths() {
        ArtifactPattern pattern = ArtifactPattern.of("**/a*a*a*a*a*a*a*b/".repeat(20) + "*", "p");

        // would take longer than the sun shines if it were tried in all ways
        assertThat(pattern.matches(("a".repeat(200) + "/").repeat(60) + "x")).isFalse();
    }
}
