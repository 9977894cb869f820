package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.runner.JobEnd;
import dev.coxswain.supervisor.runner.SettleResult;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class PollEntryTest {
    private static final JobEnd SUCCESS = new JobEnd(SettleResult.SUCCESS, "");
    private static final JobEnd FAILURE = new JobEnd(SettleResult.FAILURE, "no");
    private static final Duration MIN = Duration.ofMillis(500);
    private static final Duration MAX = Duration.ofSeconds(30);
    private static final double MIDDLE = 0.5;

    private double die = MIDDLE;
    private final PollEntry entry = entry();

    private PollEntry entry() {
        FleetBench bench = new FleetBench(1);
        bench.pool("pool", bench.plane("plane"), 1);
        return new PollEntry(bench.build(1).plan().pools().get(0).runners().get(0), new PoolQueue("pool", 1), MIN,
                MAX, () -> die);
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    private long afterNoJob(@Nullable Duration pollAfter) {
        entry.noJob(0, pollAfter);
        return entry.dueNanos / 1_000_000;
    }

    @Test
    void theIntervalGrowsFromMinToMaxWhileIdleAndShrinksAfterAJob() {
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            waits.add(afterNoJob(null));
        }
        assertThat(waits).startsWith(500L, 800L, 1280L).isSorted().endsWith(30_000L, 30_000L);

        entry.jobEnded(7, SUCCESS, millis(10_000));

        assertThat(entry.dueNanos).isEqualTo(7);
        assertThat(afterNoJob(null)).isEqualTo(500);
    }

    @Property(tries = 100)
    void theJitterIsHalfOfTheIntervalEitherWay(@ForAll @DoubleRange(min = 0, max = 0.99) double luck) {
        die = luck;
        PollEntry fresh = entry();
        fresh.noJob(0, null);
        assertThat((double) fresh.dueNanos).isCloseTo(500e6 * (0.5 + luck), within(1.0));
    }

    @Test
    void theIntervalIsTheMean() {
        Random random = new Random(5);
        double sum = 0;
        for (int i = 0; i < 2_000; i++) {
            die = random.nextDouble();
            entry.jobEnded(0, SUCCESS, MAX);
            sum += afterNoJob(null);
        }
        assertThat(sum / 2_000).isBetween(490.0, 510.0);
    }

    @Test
    void theServersWishWinsUnlessItIsAbsurd() {
        assertThat(afterNoJob(millis(7_000))).isEqualTo(7_000);
        assertThat(afterNoJob(Duration.ZERO)).isZero();
        assertThat(afterNoJob(Duration.ofSeconds(-5))).isZero();
        assertThat(afterNoJob(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(3_600_000);
    }

    @Test
    void quarantineDoublesFromHalfAMinuteToTenMinutes() {
        List<Long> seconds = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            entry.refused(0);
            seconds.add(entry.dueNanos / 1_000_000_000);
        }
        assertThat(seconds).containsExactly(30L, 60L, 120L, 240L, 480L, 600L, 600L, 600L);
    }

    @Test
    void anOutageDoesNotForgetTheQuarantineButAnAnswerDoes() {
        entry.refused(0);
        entry.refused(0);
        entry.failed(0, null);
        assertThat(entry.mayBeWarmed()).isFalse();
        entry.refused(0);
        assertThat(entry.dueNanos / 1_000_000_000).isEqualTo(120);

        entry.granted();

        assertThat(entry.mayBeWarmed()).isTrue();
        entry.refused(0);
        assertThat(entry.dueNanos / 1_000_000_000).isEqualTo(30);
    }

    @Test
    void jobsThatFailAtOnceSlowTheirRunnerDownUntilASuccess() {
        List<Long> seconds = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            entry.jobEnded(0, FAILURE, millis(20));
            seconds.add(entry.dueNanos / 1_000_000_000);
        }
        assertThat(seconds).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);

        entry.jobEnded(0, FAILURE, millis(60_000));
        assertThat(entry.dueNanos).isZero();
        entry.jobEnded(0, FAILURE, millis(20));
        assertThat(entry.dueNanos / 1_000_000_000).isEqualTo(60);

        entry.jobEnded(0, SUCCESS, millis(20));
        assertThat(entry.dueNanos).isZero();
        entry.jobEnded(0, FAILURE, millis(20));
        assertThat(entry.dueNanos / 1_000_000_000).isEqualTo(1);
    }

    @Test
    void anErrorNeverComesBackSoonerThanTheShortestInterval() {
        die = 0;
        entry.failed(0, null);
        assertThat(entry.dueNanos).isEqualTo(MIN.toNanos());
    }

    @Test
    void aRequestThatIsWrongIsSentAsSeldomAsAllowed() {
        entry.rejected(0);
        assertThat(entry.dueNanos).isEqualTo(MAX.toNanos());
    }

    @Test
    void theQueueHoldsTheEarliestFirstAlsoAfterOneWasHurried() {
        PoolQueue queue = new PoolQueue("pool", 1);
        PollEntry late = entry();
        PollEntry early = entry();
        PollEntry refused = entry();
        late.noJob(0, millis(9_000));
        early.noJob(0, millis(8_000));
        refused.refused(0);
        queue.add(late);
        queue.add(early);
        queue.add(refused);

        queue.warmOne(0);

        assertThat(queue.take()).isSameAs(early).satisfies(first -> assertThat(first.dueNanos)
                .isEqualTo(MIN.toNanos() / 2));
        assertThat(queue.take()).isSameAs(late);
        queue.warmOne(0);
        assertThat(queue.take().dueNanos).isEqualTo(Duration.ofSeconds(30).toNanos());
    }
}
