package dev.coxswain.supervisor.fleet;

import java.util.Random;

import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class PaceTest {
    private static final long SECOND = 1_000_000_000;

    private final Pace pace = new Pace(50, 0);

    @Test
    void itBeginsWithATenthAndReachesTheWholeInNineSeconds() {
        assertThat(pace.fraction(0)).isEqualTo(0.1);
        assertThat(pace.fraction(4 * SECOND)).isCloseTo(0.5, within(1e-9));
        assertThat(pace.fraction(9 * SECOND)).isCloseTo(1, within(1e-9));
        assertThat(pace.fraction(900 * SECOND)).isEqualTo(1);
    }

    @Test
    void failuresThatWereInFlightTogetherHalveItOnce() {
        long now = 60 * SECOND;
        for (int i = 0; i < 20; i++) {
            pace.cut(now + i, now - SECOND);
        }
        assertThat(pace.fraction(now)).isCloseTo(0.5, within(1e-6));
        pace.cut(now + SECOND, now + SECOND / 2);
        assertThat(pace.fraction(now + SECOND)).isCloseTo(0.3, within(1e-6));
        assertThat(pace.fraction(now + 8 * SECOND)).isCloseTo(1, within(1e-6));
    }

    /** Whatever happens: never 0, never more than all, never less than a request in two seconds as far as that fits. */
    @Property(tries = 150)
    void itStaysWithinItsBoundsAndComesBack(@ForAll @DoubleRange(min = 0.01, max = 1000) double perSecond,
            @ForAll long seed) {
        Random random = new Random(seed);
        long now = random.nextLong();
        Pace any = new Pace(perSecond, now);
        for (int i = 0; i < 300; i++) {
            now += (long) (random.nextDouble() * SECOND);
            if (random.nextInt(3) > 0) {
                any.cut(now, now - random.nextInt(1_000_000_000));
            }
            assertThat(any.fraction(now)).isGreaterThan(0.019).isLessThanOrEqualTo(1);
            assertThat(any.fraction(now) * perSecond).isGreaterThanOrEqualTo(Math.min(perSecond, 0.499));
        }
        assertThat(any.fraction(now + 10 * SECOND)).isEqualTo(1);
    }
}
