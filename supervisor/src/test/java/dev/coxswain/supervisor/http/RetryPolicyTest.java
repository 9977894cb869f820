package dev.coxswain.supervisor.http;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RetryPolicyTest {
    @ParameterizedTest
    @CsvSource({"0,500", "1,1000", "2,2000", "3,4000", "5,16000", "6,30000", "60,30000", "2147483647,30000"})
    void theMiddleOfTheJitterDoublesUpToTheCap(int retry, long millis) {
        assertThat(RetryPolicy.FOUR_TRIES.delay(retry, null, 0.5)).isEqualTo(Duration.ofMillis(millis));
    }

    @Property(tries = 200)
    void theDelayStaysWithinItsBoundsAndIsNeverZero(@ForAll @IntRange(max = 200) int retry,
            @ForAll @DoubleRange(max = 1, maxIncluded = false) double random,
            @ForAll @IntRange(min = 1, max = 60_000) int first, @ForAll @IntRange(max = 600_000) int more) {
        RetryPolicy policy = new RetryPolicy(4, Duration.ofMillis(first), Duration.ofMillis((long) first + more));

        Duration delay = policy.delay(retry, null, random);

        assertThat(delay).isGreaterThanOrEqualTo(policy.first().dividedBy(2))
                .isLessThanOrEqualTo(policy.longest().multipliedBy(3).dividedBy(2)).isPositive();
    }

    @Property(tries = 100)
    void aRetryAfterIsAlwaysObeyedAndNeverShortensTheWait(@ForAll @IntRange(max = 3600) int seconds,
            @ForAll @IntRange(max = 10) int retry,
            @ForAll @DoubleRange(max = 1, maxIncluded = false) double random) {
        Duration wish = Duration.ofSeconds(seconds);

        assertThat(RetryPolicy.FOUR_TRIES.delay(retry, wish, random)).isGreaterThanOrEqualTo(wish)
                .isGreaterThanOrEqualTo(RetryPolicy.FOUR_TRIES.delay(retry, null, random));
    }

    @Example
    void aPolicyThatCouldSpinIsRefused() {
        assertThatThrownBy(() -> new RetryPolicy(4, Duration.ZERO, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RetryPolicy(0, Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RetryPolicy(4, Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
