package dev.coxswain.executors.responses;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RetryPausesTest {
    @Test
    void pausesDoubleFromHalfASecondTo30SecondsWith15PercentJitter() {
        assertThat(RetryPauses.before(0, null, 0)).isEqualTo(Duration.ofMillis(425));
        assertThat(RetryPauses.before(0, null, 0.5)).isEqualTo(Duration.ofMillis(500));
        assertThat(RetryPauses.before(3, null, 0.5)).isEqualTo(Duration.ofSeconds(4));
        assertThat(RetryPauses.before(20, null, 0.5)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void theServersWishHoldsWhenItIsLongerUpToTwoMinutes() {
        assertThat(RetryPauses.before(0, Duration.ZERO, 0.5)).isEqualTo(Duration.ofMillis(500));
        assertThat(RetryPauses.before(0, Duration.ofSeconds(7), 0.5)).isEqualTo(Duration.ofSeconds(7));
        assertThat(RetryPauses.before(0, Duration.ofHours(1), 0.5)).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void aWishIsSecondsOrADateAndNonsenseIsNone() {
        assertThat(RetryPauses.wish("3", null)).isEqualTo(Duration.ofSeconds(3));
        assertThat(RetryPauses.wish("Sun, 22 Nov 2026 04:00:10 GMT", "Sun, 22 Nov 2026 04:00:00 GMT"))
                .isEqualTo(Duration.ofSeconds(10));
        assertThat(RetryPauses.wish("soon", "Sun, 22 Nov 2026 04:00:00 GMT")).isNull();
        assertThat(RetryPauses.wish(null, null)).isNull();
    }
}
