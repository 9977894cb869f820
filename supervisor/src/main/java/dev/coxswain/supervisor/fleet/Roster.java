package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.runner.JobEnd;
import dev.coxswain.supervisor.runner.Runner;
import dev.coxswain.supervisor.runner.RunnerState;

/**
 * The runners of one control plane: who waits in which pool's queue, who is parked since somebody paused him, who awaits
 * his credential, and who leaves once his request or job is over. Not thread-safe.
 */
final class Roster {
    private final PoolQueues pools;
    private final Intervals intervals;
    private final Predicate<Runner> held;
    private final DoubleSupplier random;
    private final IdentityHashMap<Runner, PollEntry> entries = new IdentityHashMap<>();
    /** Those that are not asked for, since somebody paused them. */
    private final Set<PollEntry> parked = new HashSet<>();
    /** Those whose turn it was while their credential was in use elsewhere. */
    private final Set<PollEntry> awaiting = new HashSet<>();
    /** Removed ones with a request in flight or a job, and what comes after it. */
    private final Map<Runner, Runnable> leaving = new HashMap<>();

    /** @param held runners that are not to be asked for now */
    Roster(PoolQueues pools, Intervals intervals, Predicate<Runner> held, DoubleSupplier random) {
        this.pools = pools;
        this.intervals = intervals;
        this.held = held;
        this.random = random;
    }

    /** Takes a runner in. */
    void add(Runner runner, int weight, long now) {
        PollEntry entry = new PollEntry(runner, pools.of(runner.services().pool(), weight, now), intervals, random);
        entries.put(runner, entry);
        entry.first(now);
        back(entry, now);
    }

    /** Lets a runner go; if it has a request in flight or a job, it leaves when that is over. Safe to repeat. */
    void remove(Runner runner, long now) {
        PollEntry entry = entries.remove(runner);
        if (entry != null) {
            entry.gone = true;
            parked.remove(entry);
            awaiting.remove(entry);
            entry.pool.remove(entry, now);
            if (entry.isBusy()) {
                leaving.put(runner, () -> {});
            }
        }
    }

    /** Runs this when a removed runner has left; at once when it has already. */
    void whenGone(Runner runner, Runnable then) {
        if (leaving.replace(runner, then) == null) {
            then.run();
        }
    }

    /** The next poll of this runner is due at once. */
    void retryNow(Runner runner, long now) {
        @Nullable
        PollEntry entry = entries.get(runner);
        if (entry != null) {
            boolean waited = entry.pool.remove(entry, now);
            entry.wanted(now);
            if (waited) {
                back(entry, now);
            }
        }
    }

    /** Other runners are held now: looks at each of them. Those that are let go are due soon, one after another. */
    void heldChanged(long now) {
        parked.addAll(pools.removeIf(entry -> held.test(entry.runner), now));
        parked.removeIf(entry -> {
            boolean free = !held.test(entry.runner);
            if (free) {
                entry.first(now);
                entry.pool.add(entry, now);
            }
            return free;
        });
    }

    /** It was its turn, but its credential is in use elsewhere: it waits for {@link #resume}. */
    void await(PollEntry entry) {
        entry.again();
        entry.runner.enter(RunnerState.IDLE, "its credential is in use in another pool");
        awaiting.add(entry);
    }

    /** Its credential is free; false when it does not wait for that any more. */
    boolean resume(PollEntry entry, long now) {
        boolean waited = awaiting.remove(entry);
        if (waited) {
            back(entry, now);
        }
        return waited;
    }

    /** Other intervals; whoever waits keeps its moment. */
    void retune(ControlPlaneConfig config) {
        intervals.retune(config);
    }

    /** One of its jobs is over: its next turn is at once, wherever it waits, unless its jobs fail at once. */
    void jobEnded(PollEntry entry, JobEnd end, Duration took, long now) {
        entry.jobs--;
        boolean queued = entry.pool.remove(entry, now);
        entry.jobEnded(now, end, took);
        boolean elsewhere = entry.asked || parked.contains(entry) || awaiting.contains(entry);
        if (queued || entry.gone || (!elsewhere && entry.hasRoom())) {
            back(entry, now);
        }
    }

    /** It has room and nothing in flight: it waits for its next turn, unless it leaves or is held. */
    void back(PollEntry entry, long now) {
        if (entry.gone) {
            Runnable then = entry.isBusy() ? null : leaving.remove(entry.runner);
            if (then != null) {
                then.run();
            }
            return;
        }
        entry.back(now);
        if (held.test(entry.runner)) {
            parked.add(entry);
        } else {
            entry.pool.add(entry, now);
        }
    }
}
