package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.Random;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import static org.assertj.core.api.Assertions.assertThat;

class BreakerTest {
    private static final long SECOND = 1_000_000_000;

    private final ControlPlaneException down = new ControlPlaneException.Unavailable("503", null, null);
    private double die = 0.5;
    private final Breaker breaker = new Breaker("plane", () -> die, 0);

    private void open() {
        for (int i = 0; i < Breaker.OPEN_AFTER; i++) {
            assertThat(breaker.circuit()).isEqualTo(new Circuit.Closed(i));
            breaker.failed(0, 0, down);
        }
        assertThat(breaker.isOpen()).isTrue();
    }

    @Test
    void fiveInARowOpenItAndProbesDoubleThePauseUpToTenSeconds() {
        open();
        long now = 0;
        for (long pause : new long[]{1, 2, 4, 8, 10, 10}) {
            assertThat(breaker.nextAtNanos() - now).isEqualTo(pause * SECOND);
            assertThat(breaker.circuit().label()).isEqualTo("open");
            now = breaker.nextAtNanos();
            breaker.sent(now);
            assertThat(breaker.circuit().label()).isEqualTo("half_open");
            breaker.failed(now, now, down);
        }
    }

    @Test
    void whatLeftBeforeTheProbeDoesNotLengthenThePause() {
        open();
        for (int i = 0; i < 50; i++) {
            breaker.failed(i * SECOND / 100, 0, down);
        }
        assertThat(breaker.nextAtNanos()).isEqualTo(SECOND);
        breaker.sent(SECOND);
        breaker.failed(SECOND + 1, SECOND - 1, down);
        assertThat(breaker.circuit()).isInstanceOf(Circuit.Probing.class);
    }

    @Test
    void aProbeThatHangsKeepsTheNextOneBackForTenSecondsOnly() {
        open();
        breaker.sent(SECOND);

        assertThat(breaker.nextAtNanos()).isEqualTo(11 * SECOND);
    }

    @Test
    void thePauseOfAProbeThatTimedOutHasPassedMeanwhile() {
        open();
        breaker.sent(SECOND);
        breaker.failed(16 * SECOND, SECOND, down);

        assertThat(breaker.nextAtNanos() - 16 * SECOND).isEqualTo(SECOND / 2);
    }

    @Test
    void anAnswerClosesItAndARefusalIsOne() {
        open();
        breaker.sent(SECOND);
        breaker.answered();

        assertThat(breaker.circuit()).isEqualTo(new Circuit.Closed(0));
        assertThat(breaker.nextAtNanos()).isZero();
        breaker.failed(SECOND, SECOND, down);
        assertThat(breaker.isOpen()).isFalse();
    }

    @Test
    void theServersPauseIsKeptAlsoWhenItIsClosedAndWithinAnHour() {
        die = 0;
        breaker.rateLimited(0, Duration.ofSeconds(7));
        breaker.rateLimited(0, Duration.ofSeconds(3));
        assertThat(breaker.nextAtNanos()).isEqualTo(7 * SECOND);
        breaker.answered();
        assertThat(breaker.nextAtNanos()).isEqualTo(7 * SECOND);

        breaker.rateLimited(0, Duration.ofSeconds(Long.MAX_VALUE));
        assertThat(breaker.nextAtNanos()).isEqualTo(3_600 * SECOND);
    }

    @Test
    void nobodyComesBackSoonerThanAskedAndNotAllInOneMoment() {
        die = 0.999;
        breaker.rateLimited(0, Duration.ofSeconds(10));
        assertThat(breaker.nextAtNanos()).isBetween(10_900_000_000L, 11 * SECOND);
    }

    @Test
    void theNumbersOfTheGaugeAreThoseOfTheDocumentation() {
        assertThat(new Circuit.Closed(3).number()).isZero();
        assertThat(new Circuit.Probing(1, 0, 0).number()).isEqualTo(1);
        assertThat(new Circuit.Open(1, 0).number()).isEqualTo(2);
    }

    /** One request at a time, as with a lone runner; whatever a probe waits for, up to the adapters' 15 s. */
    @Property(tries = 200)
    void itClosesWithinHalfAMinuteOfTheRecoveryWhateverTheTimeOut(@ForAll long seed) {
        Random random = new Random(seed);
        Breaker any = new Breaker("plane", random::nextDouble, 0);
        long timeOut = (long) (random.nextDouble() * 15 * SECOND);
        long recovery = (long) ((10 + random.nextDouble() * 300) * SECOND);
        long now = 0;
        @Nullable
        Long closed = null;
        for (int i = 0; i < 10_000 && closed == null; i++) {
            now = Math.max(now, any.nextAtNanos());
            any.sent(now);
            long sent = now;
            if (now >= recovery) {
                any.answered();
                closed = now;
            } else {
                now += timeOut;
                any.failed(now, sent, down);
                // a lone runner comes back when the shortest interval is over
                now += SECOND / 2;
            }
        }
        assertThat(closed).isNotNull().satisfies(at -> assertThat(at - recovery).isLessThan(30 * SECOND));
        assertThat(any.isOpen()).isFalse();
    }
}
