package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.controlplane.RateLimit;
import dev.coxswain.supervisor.runner.JobEnd;
import dev.coxswain.supervisor.runner.SettleResult;

import static org.assertj.core.api.Assertions.assertThat;

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
        return new PollEntry(bench.build(1).plan().pools().get(0).runners().get(0),
                new PoolQueue("pool", 1, () -> die, 0), new Intervals(bench.plane("plane").config), () -> die);
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    private long afterNoJob(@Nullable Duration pollAfter) {
        entry.noJob(0, pollAfter, null);
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
        assertThat(entry.isQuarantined()).isTrue();
        assertThat(seconds).containsExactly(30L, 60L, 120L, 240L, 480L, 600L, 600L, 600L);
    }

    @Test
    void anOutageDoesNotForgetTheQuarantineButAnAnswerDoes() {
        entry.refused(0);
        entry.refused(0);
        entry.failed(0, null);
        assertThat(entry.mayBeHurried()).isFalse();
        entry.refused(0);
        assertThat(entry.dueNanos / 1_000_000_000).isEqualTo(120);

        entry.granted();

        assertThat(entry.mayBeHurried()).isTrue();
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
    void anErrorNeverComesBackSoonerThanTheShortestIntervalWhateverTheServerSays() {
        entry.failed(0, null);
        assertThat(entry.earliestNanos()).isEqualTo(MIN.toNanos());
        assertThat(entry.hurriedNanos()).isGreaterThanOrEqualTo(MIN.toNanos());
        entry.failed(0, Duration.ZERO);
        assertThat(entry.isTimed()).isTrue();
        assertThat(entry.dueNanos).isEqualTo(MIN.toNanos());
    }

    @Test
    void aRequestThatIsWrongIsSentAsSeldomAsAllowed() {
        entry.rejected(0);
        assertThat(entry.dueNanos).isEqualTo(MAX.toNanos());
    }

    @Test
    void rateHeadersStretchTheIntervalAndNeverShortenIt() {
        entry.noJob(0, null, new RateLimit(3, Duration.ofSeconds(60)));
        assertThat(entry.dueNanos).isEqualTo(Duration.ofSeconds(20).toNanos());
        entry.jobEnded(0, SUCCESS, MAX);
        entry.noJob(0, null, new RateLimit(1_000_000, Duration.ofSeconds(60)));
        assertThat(entry.dueNanos).isEqualTo(MIN.toNanos());
    }

    @Test
    void whatIsWantedMeanwhileIsDoneWhenItIsBackAndForgetsTheQuarantine() {
        entry.refused(0);
        entry.wanted(0);
        entry.taken(false);
        entry.wanted(5);
        entry.refused(7);
        entry.back(9);
        assertThat(entry.dueNanos).isEqualTo(9);
        assertThat(entry.isTimed()).isTrue();

        entry.taken(false);
        entry.noJob(10, null, null);
        entry.back(10);
        assertThat(entry.isTimed()).isFalse();
    }
}
