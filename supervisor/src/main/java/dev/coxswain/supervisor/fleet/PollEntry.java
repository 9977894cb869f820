package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.Comparator;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.RateLimit;
import dev.coxswain.supervisor.runner.JobEnd;
import dev.coxswain.supervisor.runner.Runner;
import dev.coxswain.supervisor.runner.SettleResult;

/**
 * When one runner is asked for again. Its interval shrinks to the shortest after a job and grows while there is none. With
 * nothing else to say it waits <em>paced</em>: it has its place in the order, and the pool's {@link Pacer} says when the
 * next one goes. A wish of the server, a quarantine or an ended job make it wait <em>timed</em>: until that moment, and no
 * longer. Not thread-safe; times are monotonic nanoseconds.
 */
final class PollEntry {
    /** The earliest first, and of two the one that came first. */
    static final Comparator<PollEntry> BY_DUE = (one, other) -> {
        long later = one.dueNanos - other.dueNanos;
        return later != 0 ? Long.signum(later) : Long.compare(one.order, other.order);
    };
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
    private final Intervals intervals;
    private final DoubleSupplier random;
    private double intervalNanos;
    private int refusals;
    private int failuresAtOnce;
    private long answeredNanos;
    private double waitNanos;
    private boolean timed;
    long dueNanos;
    /** Set by the queue it waits in; breaks ties. */
    long order;
    /** Its last poll went before its time, since a neighbour had got a job. */
    boolean hurried;
    /** Somebody wants it to be asked as soon as it is back. */
    private boolean wanted;
    /** Removed while it was asked for or had a job: it does not come back. */
    boolean gone;
    /** A request of its own is in flight. */
    boolean asked;
    /** Jobs that it holds. */
    int jobs;

    PollEntry(Runner runner, PoolQueue pool, Intervals intervals, DoubleSupplier random) {
        this.runner = runner;
        this.pool = pool;
        this.intervals = intervals;
        this.random = random;
        this.intervalNanos = intervals.minNanos();
    }

    /** The first poll, or the first one after a pause: soon, in any order. A quarantine or a slowdown is kept. */
    void first(long nowNanos) {
        if (mayBeHurried()) {
            intervalNanos = intervals.minNanos();
            paced(nowNanos, 0);
            dueNanos = nowNanos + (long) (waitNanos * random.getAsDouble());
            answeredNanos = nowNanos - intervals.minNanos();
        }
    }

    /** No job: later, unless the server said when, and no faster than its rate headers allow. */
    void noJob(long nowNanos, @Nullable Duration pollAfter, @Nullable RateLimit rate) {
        refusals = 0;
        if (pollAfter != null) {
            timed(nowNanos, wish(pollAfter));
        } else {
            paced(nowNanos, rate == null ? 0 : rate.spacing().toNanos());
        }
        grow();
    }

    /** A job: the credential is fine again. */
    void granted() {
        refusals = 0;
    }

    /** A job, and room for another one: at once, as far as the control plane allows it. */
    void more(long nowNanos, @Nullable RateLimit rate) {
        intervalNanos = intervals.minNanos();
        timed(nowNanos, rate != null && rate.isExhausted() ? wish(rate.resetAfter()) : 0);
    }

    /** Whether it may hold another job. */
    boolean hasRoom() {
        return jobs < runner.services().slotsPerRunner();
    }

    /** Whether something of it is under way. */
    boolean isBusy() {
        return asked || jobs > 0;
    }

    /** A job has ended: at once, unless its jobs fail at once. */
    void jobEnded(long nowNanos, JobEnd end, Duration took) {
        intervalNanos = intervals.minNanos();
        if (end.result() == SettleResult.FAILURE && took.compareTo(AT_ONCE) < 0) {
            timed(nowNanos, doubled(FIRST_SLOWDOWN, LONGEST_SLOWDOWN, failuresAtOnce++));
            runner.enter(runner.state(), "its last job failed at once; slowed down");
        } else {
            failuresAtOnce = end.result() == SettleResult.SUCCESS ? 0 : failuresAtOnce;
            timed(nowNanos, 0);
        }
    }

    /** The control plane refused the credential: a slow retry. */
    void refused(long nowNanos) {
        long pause = doubled(FIRST_QUARANTINE, LONGEST_QUARANTINE, refusals++);
        timed(nowNanos, (long) (pause * (0.5 + random.getAsDouble())));
    }

    /** The request itself was refused: as seldom as allowed. */
    void rejected(long nowNanos) {
        intervalNanos = intervals.maxNanos();
        paced(nowNanos, 0);
    }

    /** No usable answer: like no job, but never sooner than the shortest interval, whatever the server says. */
    void failed(long nowNanos, @Nullable Duration retryAfter) {
        if (retryAfter != null) {
            timed(nowNanos, Math.max(intervals.minNanos(), wish(retryAfter)));
        } else {
            paced(nowNanos, 0);
            // half of a short interval would be sooner
            answeredNanos = Math.max(answeredNanos,
                    nowNanos + intervals.minNanos() - (long) (waitNanos / 2));
        }
        grow();
    }

    /** Somebody has reason to believe that a try would go well now: forgets a quarantine. */
    void wanted(long nowNanos) {
        refusals = 0;
        wanted = true;
        timed(nowNanos, 0);
    }

    /** Asked for now; what was wanted is done. */
    void taken(boolean early) {
        wanted = false;
        hurried = early;
    }

    /** It was its turn, but its credential was in use: at once when that is over, in the place that it had. */
    void again() {
        timed = true;
    }

    /** Back from a poll or a job: to be asked at once if somebody wanted that meanwhile. */
    void back(long nowNanos) {
        if (wanted) {
            timed(nowNanos, 0);
        }
    }

    /** Whether it waits for its moment, and not for its pool's. */
    boolean isTimed() {
        return timed;
    }

    /** What it adds to the pace of its pool: polls a nanosecond. */
    double share() {
        return 1 / waitNanos;
    }

    /** Paced: not sooner than after half its interval. */
    long earliestNanos() {
        return answeredNanos + (long) (waitNanos / 2);
    }

    /** When a neighbour's job may hurry it: after the shortest interval. */
    long hurriedNanos() {
        return answeredNanos + Math.min(intervals.minNanos(), (long) waitNanos);
    }

    /** Whether somebody may hurry it: a quarantined or slowed down runner keeps its pause. */
    boolean mayBeHurried() {
        return refusals == 0 && failuresAtOnce == 0;
    }

    /** Whether its credential was refused the last time. */
    boolean isQuarantined() {
        return refusals > 0;
    }

    private void timed(long nowNanos, long pause) {
        timed = true;
        answeredNanos = nowNanos;
        dueNanos = nowNanos + pause;
    }

    private void paced(long nowNanos, long atLeastNanos) {
        timed = false;
        answeredNanos = nowNanos;
        intervalNanos = intervals.within(intervalNanos);
        waitNanos = Math.max(1, Math.max(intervalNanos, (double) atLeastNanos));
        dueNanos = nowNanos + (long) waitNanos;
    }

    private void grow() {
        intervalNanos = intervals.within(intervalNanos * GROWTH);
    }

    private static long wish(Duration asked) {
        return asked.isNegative() ? 0 : (asked.compareTo(LONGEST_WISH) > 0 ? LONGEST_WISH : asked).toNanos();
    }

    private static long doubled(Duration first, Duration longest, int times) {
        return Math.min(longest.toNanos(), first.toNanos() << Math.min(times, 20));
    }
}
