package dev.coxswain.supervisor.upload;

import java.time.Duration;
import java.util.function.LongUnaryOperator;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import static org.assertj.core.api.Assertions.assertThat;

/** The rule alone: time and bytes are numbers here. */
class StallWatchTest {
    private static final long SIZE = 100L << 20;

    /** The second in which the watch ends a transfer that has moved {@code sent(second)} bytes; -1 if it never does. */
    private static int ends(long size, int seconds, LongUnaryOperator sent) {
        StallWatch watch = new StallWatch(UploadLimits.DEFAULT, size, 5);
        for (int second = 1; second <= seconds; second++) {
            if (watch.check(5 + Duration.ofSeconds(second).toNanos(), sent.applyAsLong(second)) != null) {
                return second;
            }
        }
        return -1;
    }

    private static @Nullable String words(long size, int second, long sent) {
        return new StallWatch(UploadLimits.DEFAULT, size, 0).check(Duration.ofSeconds(second).toNanos(), sent);
    }

    @Test
    void aTransferThatNeverBeginsEndsAfterTheWindow() {
        assertThat(ends(SIZE, 100, second -> 0)).isEqualTo(30);
    }

    @Test
    void aTransferThatStopsEndsAWindowLater() {
        assertThat(ends(SIZE, 100, second -> Math.min(second, 10) * 100_000)).isBetween(39, 40);
    }

    @Test
    void aTrickleBelowTheLeastRateEndsAndOneAboveGoesOn() {
        assertThat(ends(SIZE, 200, second -> second * 1023)).isEqualTo(30);
        assertThat(ends(SIZE, 200, second -> second * 1025)).isEqualTo(-1);
    }

    @Property(tries = 100)
    void whatMovesEnoughInEveryWindowGoesOn(@ForAll @IntRange(min = 1, max = 29) int burstEvery) {
        assertThat(ends(SIZE, 400, second -> second / burstEvery * 64_000L)).isEqualTo(-1);
    }

    @Test
    void theStoreMayThinkForAMinuteAfterTheLastByte() {
        assertThat(ends(SIZE, 300, second -> second < 20 ? second : SIZE)).isEqualTo(80);
    }

    @Test
    void theTotalLimitIsAMinuteAndASecondForEachQuarterMebibyte() {
        assertThat(UploadLimits.DEFAULT.total(SIZE)).isEqualTo(Duration.ofSeconds(60 + 400));
        assertThat(ends(SIZE, 600, second -> second * 2000)).isEqualTo(460);
        assertThat(words(SIZE, 460, 1_000_000)).isEqualTo("not stored within 460 s");
        assertThat(UploadLimits.DEFAULT.total(5L << 30)).isEqualTo(Duration.ofSeconds(60 + 20_480));
    }
}
