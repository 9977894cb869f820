package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.runner.JobEnd;
import dev.coxswain.supervisor.runner.Runner;
import dev.coxswain.supervisor.runner.SettleResult;

/**
 * When one runner is asked for again: its interval shrinks to the shortest after a job and grows while there is none,
 * jittered by ±50 % around it, so that the mean is the interval. Not thread-safe.
 */
final class PollEntry {
    private static final double GROWTH = 1.6;
    private static final Duration FIRST_QUARANTINE = Duration.ofSeconds(30);
    private static final Duration LONGEST_QUARANTINE = Duration.ofMinutes(10);
    private static final Duration FIRST_SLOWDOWN = Duration.ofSeconds(1);
    private static final Duration LONGEST_SLOWDOWN = Duration.ofSeconds(60);
    /** The longest a server may put off one runner. */
    private static final Duration LONGEST_WISH = Duration.ofHours(1);
    /** A job that failed within this time failed at once (design section 5.8). */
    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    final Runner runner;
    final PoolQueue pool;
    private final Duration shortest;
    private final Duration longest;
    private final DoubleSupplier random;
    private double intervalNanos;
    private int refusals;
    private int failuresAtOnce;
    long dueNanos;

    PollEntry(Runner runner, PoolQueue pool, Duration shortest, Duration longest, DoubleSupplier random) {
        this.runner = runner;
        this.pool = pool;
        this.shortest = shortest;
        this.longest = longest;
        this.random = random;
        this.intervalNanos = shortest.toNanos();
    }

    /** The first poll, somewhere within the first interval. */
    void first(long nowNanos) {
        dueNanos = nowNanos + (long) (shortest.toNanos() * random.getAsDouble());
    }

    /** No job: later, unless the server said when. */
    void noJob(long nowNanos, @Nullable Duration pollAfter) {
        refusals = 0;
        dueNanos = nowNanos + (pollAfter != null ? wish(pollAfter) : jittered(intervalNanos));
        grow();
    }

    /** A job: the credential is fine again. */
    void granted() {
        refusals = 0;
    }

    /** The job has ended: at once, unless its jobs fail at once. */
    void jobEnded(long nowNanos, JobEnd end, Duration took) {
        intervalNanos = shortest.toNanos();
        if (end.result() == SettleResult.FAILURE && took.compareTo(AT_ONCE) < 0) {
            dueNanos = nowNanos + doubled(FIRST_SLOWDOWN, LONGEST_SLOWDOWN, failuresAtOnce++);
            runner.enter(runner.state(), "its last job failed at once; slowed down");
        } else {
            failuresAtOnce = end.result() == SettleResult.SUCCESS ? 0 : failuresAtOnce;
            dueNanos = nowNanos;
        }
    }

    /** The control plane refused the credential: a slow retry. */
    void refused(long nowNanos) {
        dueNanos = nowNanos + jittered((double) doubled(FIRST_QUARANTINE, LONGEST_QUARANTINE, refusals++));
    }

    /** The request itself was refused: as seldom as allowed. */
    void rejected(long nowNanos) {
        intervalNanos = longest.toNanos();
        dueNanos = nowNanos + jittered(intervalNanos);
    }

    /** No usable answer: like no job, but never sooner than the shortest interval, unless the server said so. */
    void failed(long nowNanos, @Nullable Duration retryAfter) {
        dueNanos = nowNanos
                + (retryAfter != null ? wish(retryAfter) : Math.max(shortest.toNanos(), jittered(intervalNanos)));
        grow();
    }

    /** A neighbour got a job, so there may be more: soon. */
    void warmed(long nowNanos) {
        intervalNanos = shortest.toNanos();
        dueNanos = Math.min(dueNanos, nowNanos + (long) (intervalNanos * random.getAsDouble()));
    }

    /** Whether somebody may hurry it: a quarantined or slowed down runner keeps its pause. */
    boolean mayBeWarmed() {
        return refusals == 0 && failuresAtOnce == 0;
    }

    private void grow() {
        intervalNanos = Math.min(intervalNanos * GROWTH, (double) longest.toNanos());
    }

    private static long wish(Duration asked) {
        return asked.isNegative() ? 0 : (asked.compareTo(LONGEST_WISH) > 0 ? LONGEST_WISH : asked).toNanos();
    }

    private long jittered(double nanos) {
        return (long) (nanos * (0.5 + random.getAsDouble()));
    }

    private static long doubled(Duration first, Duration longest, int times) {
        return Math.min(longest.toNanos(), first.toNanos() << Math.min(times, 20));
    }
}
