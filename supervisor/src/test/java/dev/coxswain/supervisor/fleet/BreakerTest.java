package dev.coxswain.supervisor.fleet;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;

import static org.assertj.core.api.Assertions.assertThat;

class BreakerTest {
    private static final long SECOND = 1_000_000_000;

    private final ControlPlaneException down = new ControlPlaneException.Unavailable("503", null, null);
    /** The middle of every jitter. */
    private final Breaker breaker = new Breaker("plane", () -> 0.5, 0);

    private void open() {
        for (int i = 0; i < Breaker.OPEN_AFTER; i++) {
            assertThat(breaker.isOpen()).isFalse();
            breaker.failed(0, down, false);
        }
        assertThat(breaker.isOpen()).isTrue();
    }

    @Test
    void fiveInARowOpenItAndProbesDoubleThePauseUpToTenSeconds() {
        open();
        long now = 0;
        for (long pause : new long[]{1, 2, 4, 8, 10, 10}) {
            assertThat(breaker.nextAtNanos() - now).isEqualTo(pause * SECOND);
            now = breaker.nextAtNanos();
            assertThat(breaker.sent(now)).isTrue();
            breaker.failed(now, down, true);
        }
    }

    @Test
    void whatLeftBeforeItOpenedDoesNotLengthenThePause() {
        open();
        for (int i = 0; i < 50; i++) {
            breaker.failed(i * SECOND / 100, down, false);
        }
        assertThat(breaker.nextAtNanos()).isEqualTo(SECOND);
    }

    @Test
    void aProbeThatHangsKeepsTheNextOneBackForTenSecondsOnly() {
        open();
        breaker.sent(SECOND);

        assertThat(breaker.nextAtNanos()).isEqualTo(11 * SECOND);
    }

    @Test
    void anAnswerClosesItAndARefusalIsOne() {
        open();
        breaker.sent(SECOND);
        breaker.answered();

        assertThat(breaker.isOpen()).isFalse();
        assertThat(breaker.nextAtNanos()).isZero();
        breaker.failed(SECOND, down, true);
        assertThat(breaker.isOpen()).isFalse();
    }

    @Test
    void theServersPauseIsKeptAlsoWhenItIsClosedAndWithinAnHour() {
        breaker.rateLimited(0, Duration.ofSeconds(7));
        breaker.rateLimited(0, Duration.ofSeconds(3));
        assertThat(breaker.nextAtNanos()).isEqualTo(7 * SECOND);
        breaker.answered();
        assertThat(breaker.nextAtNanos()).isEqualTo(7 * SECOND);

        breaker.rateLimited(0, Duration.ofSeconds(Long.MAX_VALUE));
        assertThat(breaker.nextAtNanos()).isEqualTo(3_600 * SECOND);
    }
}
