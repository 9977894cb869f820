package dev.coxswain.supervisor.config;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Durations, sizes and distances of words. */
class ValueTextTest {
    @Property(tries = 200)
    void aDurationIsReadBackAsItWasWritten(@ForAll @LongRange(min = 0, max = 999_999_999_999_999L) long millis) {
        Duration duration = Duration.ofMillis(millis);

        assertThat(DurationText.parse(DurationText.format(duration))).isEqualTo(duration);
    }

    @Property(tries = 200)
    void wholeHoursAreReadBackToo(@ForAll @LongRange(min = 0, max = 999_999_999_999_999L) long hours) {
        assertThat(DurationText.format(Duration.ofHours(hours))).isEqualTo(hours == 0 ? "0s" : hours + "h");
        assertThat(DurationText.parse(hours + "h")).isEqualTo(Duration.ofHours(hours));
    }

    @Property(tries = 200)
    void aSizeIsReadBackAsItWasWritten(@ForAll @LongRange(min = 0, max = 1L << 22) long amount,
            @ForAll @IntRange(min = 0, max = 40) int shift) {
        assertThat(SizeText.parse(SizeText.format(amount << shift))).isEqualTo(amount << shift);
    }

    @Property(tries = 200)
    void aPercentageIsReadBackAsItWasWritten(@ForAll @IntRange(min = 0, max = 9_999) int hundredths) {
        double share = hundredths / 10_000.0;

        assertThat(PercentText.parse(PercentText.format(share))).isEqualTo(share);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "90", "90 %", "-1%", "1.234%", "1234%", "%", ".5%", "0x1%", "1e1%"})
    void otherPercentagesAreRefused(String text) {
        assertThatThrownBy(() -> PercentText.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("is not a percentage");
    }

    @Property(tries = 200)
    void anyOtherTextIsRefusedWithoutBeingQuoted(@ForAll @StringLength(min = 1, max = 30) String text) {
        try {
            DurationText.parse(text);
            SizeText.parse(text);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageMatching("is not a duration|is not a size|is too large a size");
        }
    }

    @Property(tries = 200)
    void wordsAreAsFarFromEachOtherInBothDirections(@ForAll @StringLength(max = 12) String from,
            @ForAll @StringLength(max = 12) String to) {
        assertThat(Suggestion.distance(from, to)).isEqualTo(Suggestion.distance(to, from))
                .isBetween(Math.abs(from.length() - to.length()), Math.max(from.length(), to.length()));
        assertThat(Suggestion.distance(from, from)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "5s,PT5S", "30m,PT30M", "2h,PT2H", "0s,PT0S", "1500ms,PT1.5S"})
    void theDesignsDurationsAreRead(String text, Duration duration) {
        assertThat(DurationText.parse(text)).isEqualTo(duration);
        assertThat(DurationText.format(duration)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0B,0", "512B,512", "1KiB,1024", "64MiB,67108864", "4GiB,4294967296", "2TiB,2199023255552"})
    void theDesignsSizesAreRead(String text, long bytes) {
        assertThat(SizeText.parse(text)).isEqualTo(bytes);
        assertThat(SizeText.format(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "5 s", "-5s", "1d", "1.5s", "s", "5S", "5sec", "1234567890123456s", "٥s"})
    void otherDurationsAreRefused(String text) {
        assertThatThrownBy(() -> DurationText.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "64", "64MB", "4Gi", "-1B", "1.5GiB", "999999999999TiB", "1234567890123456789B"})
    void otherSizesAreRefused(String text) {
        assertThatThrownBy(() -> SizeText.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"kitten,sitting,3", "controlPlan,controlPlane,1", "nmae,name,1", "'',abc,3"})
    void slipsAreCounted(String from, String to, int slips) {
        assertThat(Suggestion.distance(from, to)).isEqualTo(slips);
    }
}
