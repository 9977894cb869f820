package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.runner.JobEnd;
import dev.coxswain.supervisor.runner.Runner;
import dev.coxswain.supervisor.runner.SettleResult;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import static org.assertj.core.api.Assertions.assertThat;

/** Whose turn it is within one pool. */
class PoolQueueTest {
    private static final long SECOND = 1_000_000_000;
    private static final ControlPlaneConfig CONFIG = ScriptedPlane.config("plane", 50, Duration.ofMillis(500),
            Duration.ofSeconds(30));

    private static List<PollEntry> entries(PoolQueue queue, int count, Random random) {
        SchedulerBench bench = new SchedulerBench(1);
        List<PollEntry> entries = new ArrayList<>();
        for (Runner runner : bench.runners(new ScriptedPlane(CONFIG, bench.clock), "pool", count)) {
            entries.add(new PollEntry(runner, queue, new Intervals(CONFIG), random::nextDouble));
        }
        return entries;
    }

    /** Whatever the answers, and however seldom a request may leave: a due runner waits for one turn of each at most. */
    @Property(tries = 200)
    void nobodyIsOvertakenTwice(@ForAll long seed) {
        Random random = new Random(seed);
        PoolQueue queue = new PoolQueue("pool", 1, random::nextDouble, 0);
        int runners = 1 + random.nextInt(30);
        Map<PollEntry, Integer> overtaken = new HashMap<>();
        for (PollEntry entry : entries(queue, runners, random)) {
            entry.first(0);
            queue.add(entry, 0);
            overtaken.put(entry, 0);
        }
        long now = 0;
        long pace = 1L + random.nextInt(500_000_000);
        for (int i = 0; i < 2_000; i++) {
            now += (long) (pace * random.nextDouble());
            long at = queue.nextAtNanos(now);
            now = at - now > 0 ? at : now;
            PollEntry taken = queue.take(now);
            overtaken.put(taken, 0);
            for (PollEntry entry : List.copyOf(overtaken.keySet())) {
                if (entry != taken && entry.dueNanos - now <= 0) {
                    assertThat(overtaken.merge(entry, 1, Integer::sum)).isLessThanOrEqualTo(runners);
                }
            }
            answer(taken, queue, random, now);
            queue.add(taken, now);
        }
    }

    private static void answer(PollEntry entry, PoolQueue queue, Random random, long now) {
        switch (random.nextInt(8)) {
            case 0 -> entry.noJob(now, Duration.ZERO, null);
            case 1 -> entry.noJob(now, Duration.ofMillis(random.nextInt(3_000)), null);
            case 2 -> entry.failed(now, null);
            case 3 -> entry.failed(now, Duration.ofMillis(random.nextInt(3_000)));
            case 4 -> entry.rejected(now);
            case 5 -> {
                queue.foundJob(entry.hurried);
                entry.jobEnded(now, new JobEnd(SettleResult.SUCCESS, ""), Duration.ofSeconds(9));
            }
            case 6 -> entry.jobEnded(now, new JobEnd(SettleResult.FAILURE, ""), Duration.ofMillis(random.nextInt(9)));
            default -> {
                entry.noJob(now, null, null);
                queue.foundNone();
            }
        }
    }

    /** A lone runner is asked in its interval ± 50 %, many of them evenly. */
    @Test
    void aLoneRunnerIsAskedInItsIntervalAndManyEvenly() {
        Random random = new Random(8);
        for (int runners : new int[]{1, 2, 100}) {
            PoolQueue queue = new PoolQueue("pool", 1, random::nextDouble, 0);
            long now = 0;
            for (PollEntry entry : entries(queue, runners, random)) {
                entry.rejected(now);
                queue.add(entry, now);
            }
            List<Long> gaps = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                long next = queue.nextAtNanos(now);
                gaps.add(next - now);
                now = next;
                PollEntry entry = queue.take(now);
                entry.rejected(now);
                queue.add(entry, now);
            }
            double even = 30.0 * SECOND / runners;
            double mean = gaps.stream().skip(runners).mapToLong(Long::longValue).average().orElseThrow();
            assertThat(mean / even).isBetween(0.95, 1.05);
            assertThat(gaps.stream().skip(runners)).allMatch(gap -> gap <= even * 1.51 && gap >= even * 0.45);
        }
    }

    @Test
    void aJobHurriesOneNeighbourAndABurstTwo() {
        Random random = new Random(9);
        PoolQueue queue = new PoolQueue("pool", 1, random::nextDouble, 0);
        for (PollEntry entry : entries(queue, 5, random)) {
            entry.rejected(0);
            queue.add(entry, 0);
        }
        queue.take(0);
        assertThat(queue.nextAtNanos(SECOND)).isGreaterThan(SECOND);
        queue.foundJob(false);
        assertThat(queue.nextAtNanos(SECOND)).isLessThanOrEqualTo(SECOND);
        PollEntry hurried = queue.take(SECOND);
        assertThat(hurried.hurried).isTrue();
        assertThat(queue.nextAtNanos(SECOND)).isGreaterThan(SECOND);
        queue.foundJob(hurried.hurried);
        queue.take(SECOND);
        assertThat(queue.nextAtNanos(SECOND)).isLessThanOrEqualTo(SECOND);
        queue.take(SECOND);
        assertThat(queue.nextAtNanos(SECOND)).isGreaterThan(SECOND);
        queue.foundJob(true);
        queue.foundNone();
        assertThat(queue.nextAtNanos(SECOND)).isGreaterThan(SECOND);
    }
}
