package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.runner.JobEnd;
import dev.coxswain.supervisor.runner.JobRun;
import dev.coxswain.supervisor.runner.Runner;
import dev.coxswain.supervisor.runner.Runner.Polled;
import dev.coxswain.supervisor.runner.RunnerState;
import dev.coxswain.supervisor.runner.Slots;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * Walks the runners of one control plane (design section 5.2): a poll leaves only when a runner is due, the request budget
 * allows it, and a slot is reserved. One timer for all runners. Everything happens on one worker of the scheduler, so
 * nothing here is locked; callers on other threads are handed over to it.
 */
final class PollScheduler implements Disposable {
    private static final Logger LOG = LoggerFactory.getLogger(PollScheduler.class);

    private final String name;
    private final Slots slots;
    private final FleetClock clock;
    private final Scheduler.Worker worker;
    private final DoubleSupplier random;
    private final JobStarter starter;
    private final Predicate<Runner> held;
    private final CredentialLeases credentials;
    private final Intervals intervals;
    private final RequestBudget budget;
    private final Pace pace;
    private final Breaker breaker;
    private final LeaseAnswers answers;
    private final OpenRequests requestsInFlight;
    private final PoolQueues pools;
    private final IdentityHashMap<Runner, PollEntry> entries = new IdentityHashMap<>();
    /** Those that are not asked for, since somebody paused them. */
    private final Set<PollEntry> parked = new HashSet<>();
    /** Those whose turn it was while their credential was in use elsewhere. */
    private final Set<PollEntry> awaiting = new HashSet<>();
    /** Removed ones with a request in flight or a job, and what comes after it. */
    private final Map<Runner, Runnable> leaving = new HashMap<>();
    private final Disposable.Composite inFlight = Disposables.composite();
    private final Disposable freed;
    private final AtomicBoolean freedSignalled = new AtomicBoolean();
    private final Disposable.Swap wake = Disposables.swap();
    private long wakeNanos = PoolQueues.NEVER;
    private volatile boolean waitsForSlot;
    private volatile boolean stopped;
    private volatile double perSecond;
    private final AtomicLong requests = new AtomicLong();

    /**
     * Makes the scheduler of one control plane; nothing leaves before {@link #add}.
     *
     * @param sharing how many control planes use these slots, this one included
     * @param held runners that are not to be asked for now; asked on the scheduler's thread, see {@link #heldChanged}
     * @param credentials counts the leases of each credential, also those of other control planes
     * @param starter runs the jobs that were granted
     */
    PollScheduler(ControlPlaneConfig config, Slots slots, FleetClock clock, Scheduler scheduler, DoubleSupplier random,
            int sharing, Predicate<Runner> held, CredentialLeases credentials, JobStarter starter) {
        long now = clock.nanos();
        this.name = config.name();
        this.slots = slots;
        this.clock = clock;
        this.worker = scheduler.createWorker();
        this.random = random;
        this.starter = starter;
        this.held = held;
        this.credentials = credentials;
        this.intervals = new Intervals(config);
        this.budget = new RequestBudget(config.requestsPerSecond(), now);
        this.perSecond = config.requestsPerSecond();
        this.pace = new Pace(config.requestsPerSecond(), now);
        this.breaker = new Breaker(config.name(), random, now);
        this.answers = new LeaseAnswers(clock, breaker, pace);
        this.requestsInFlight = new OpenRequests(sharing);
        this.pools = new PoolQueues(random);
        this.freed = slots.onFreed(this::slotFreed);
    }

    /** Takes a runner in; its first poll comes soon, as far as the budget allows. */
    void add(Runner runner, int weight) {
        onWorker(() -> {
            long now = clock.nanos();
            PollEntry entry = new PollEntry(runner, pools.of(runner.services().pool(), weight, now), intervals, random);
            entries.put(runner, entry);
            entry.first(now);
            back(entry, now);
            walk();
        });
    }

    /** Asks for this runner no more; a request in flight and a job go on. Tells nobody; safe to repeat. */
    void remove(Runner runner) {
        onWorker(() -> {
            PollEntry entry = entries.remove(runner);
            if (entry != null) {
                entry.gone = true;
                boolean waited = parked.remove(entry) | awaiting.remove(entry);
                waited |= entry.pool.remove(entry, clock.nanos());
                if (!waited) {
                    leaving.put(runner, () -> {});
                }
            }
        });
    }

    /** Runs this when a removed runner has no request in flight and no job any more; at once when that is so already. */
    void whenGone(Runner runner, Runnable then) {
        onWorker(() -> {
            if (leaving.replace(runner, then) == null) {
                then.run();
            }
        });
    }

    /** Another budget and other intervals; whoever waits keeps its moment. The name and the address stay. */
    void retune(ControlPlaneConfig config) {
        perSecond = config.requestsPerSecond();
        onWorker(() -> {
            intervals.retune(config);
            budget.retune(config.requestsPerSecond());
            pace.retune(config.requestsPerSecond());
            walk();
        });
    }

    /** Another weight of a pool. */
    void reweigh(String pool, int weight) {
        onWorker(() -> pools.reweigh(pool, weight));
    }

    /** That many control planes use the same slots now. */
    void shareWith(int sharing) {
        requestsInFlight.shareWith(sharing);
        onWorker(this::walk);
    }

    /** Asks for this runner at once, as far as the budget allows; a quarantine is forgotten. */
    void retryNow(Runner runner) {
        onWorker(() -> {
            PollEntry entry = entries.get(runner);
            if (entry != null) {
                long now = clock.nanos();
                boolean waited = entry.pool.remove(entry, now);
                entry.wanted(now);
                if (waited) {
                    back(entry, now);
                }
                walk();
            }
        });
    }

    /** Other runners are held now: looks at each of them. Those that are let go are asked for soon, one after another. */
    void heldChanged() {
        onWorker(() -> {
            long now = clock.nanos();
            parked.addAll(pools.removeIf(entry -> held.test(entry.runner), now));
            parked.removeIf(entry -> {
                boolean free = !held.test(entry.runner);
                if (free) {
                    entry.first(now);
                    entry.pool.add(entry, now);
                }
                return free;
            });
            walk();
        });
    }

    /** No poll leaves any more, from this moment; those in flight go on. */
    void stop() {
        stopped = true;
        onWorker(() -> wake.update(Disposables.disposed()));
    }

    long requests() {
        return requests.get();
    }

    /** Lease requests a second that may leave now: the budget, less while the control plane is in trouble. */
    double requestRate() {
        return perSecond * pace.fraction(clock.nanos());
    }

    Circuit circuit() {
        return breaker.circuit();
    }

    @Nullable
    Instant lastSuccess() {
        return answers.lastSuccess();
    }

    @Nullable
    String lastError() {
        return answers.lastError();
    }

    /** Ends at once; for a process that exits, or a control plane that is gone and has no request in flight. */
    @Override
    public void dispose() {
        stopped = true;
        freed.dispose();
        wake.dispose();
        inFlight.dispose();
        worker.dispose();
    }

    private void slotFreed() {
        if (waitsForSlot && freedSignalled.compareAndSet(false, true)) {
            onWorker(() -> {
                freedSignalled.set(false);
                pools.unblock();
                walk();
            });
        }
    }

    /** A slot may be freed by a job that dies with the process, when there is no worker left. */
    private void onWorker(Runnable task) {
        after(0, task);
    }

    private Disposable after(long nanos, Runnable task) {
        try {
            return worker.schedule(task, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException gone) {
            LOG.debug("stopped: controlPlane={}", name);
            return Disposables.disposed();
        }
    }

    private void walk() {
        // before the slots are looked at: one that is freed from now on is heard of
        waitsForSlot = true;
        boolean enough = false;
        while (!stopped && !enough) {
            long now = clock.nanos();
            long next = PoolQueue.later(breaker.nextAtNanos(), budget.nextAtNanos());
            PoolQueue pool = pools.next(now, breaker.isOpen());
            if (pool == null) {
                next = PoolQueue.later(next, pools.earliestNanos(now));
            }
            if (pool == null || next - now > 0) {
                wakeAt(next);
                break;
            }
            enough = requestsInFlight.isEnough(slots.total(), slots.used(), now);
            if (!enough) {
                switch (slots.reserve(pool.pool)) {
                    // even without a slot for this pool there may be one that is kept for another
                    case Slots.Denied denied -> pool.blocked = true;
                    case Slots.Slot slot -> send(pool, slot, now);
                }
            }
        }
        waitsForSlot = enough || pools.isAnyBlocked();
    }

    /** Keeps a timer that comes sooner: waking up for nothing costs less than a new timer for every change. */
    private void wakeAt(long nanos) {
        if (nanos == PoolQueues.NEVER || (wakeNanos != PoolQueues.NEVER && wakeNanos - nanos <= 0)) {
            return;
        }
        wakeNanos = nanos;
        wake.update(after(Math.max(0, nanos - clock.nanos()), () -> {
            wakeNanos = PoolQueues.NEVER;
            walk();
        }));
    }

    private void send(PoolQueue pool, Slots.Slot slot, long now) {
        if (!starter.polling()) {
            stopped = true;
            slot.release();
            return;
        }
        PollEntry entry = pool.take(now);
        Secret token = entry.runner.credential().token();
        if (!claimed(entry, token, now)) {
            starter.polledInVain();
            slot.release();
            return;
        }
        budget.take(now, pace.fraction(now));
        requests.incrementAndGet();
        OpenRequests.Request request = requestsInFlight.sent(now);
        breaker.sent(now);
        Disposable.Swap mine = Disposables.swap();
        inFlight.add(mine);
        mine.update(entry.runner.poll(slot).subscribe(polled -> onWorker(() -> {
            inFlight.remove(mine);
            requestsInFlight.answered(request);
            if (!(polled instanceof Polled.Granted)) {
                credentials.release(token, clock.nanos());
            }
            polled(entry, token, polled, request.sentNanos);
            walk();
        }), failure -> LOG.error("a poll failed in an unexpected way: runner={}", entry.runner.name(), failure)));
    }

    /** Whether its credential is free now; else the runner is back as soon as it has its turn. */
    private boolean claimed(PollEntry entry, Secret token, long now) {
        return switch (credentials.claim(token, entry, now, () -> onWorker(() -> resume(entry)))) {
            case CredentialLeases.Claim.Taken() -> true;
            case CredentialLeases.Claim.Busy() -> {
                await(entry);
                yield false;
            }
            case CredentialLeases.Claim.NotYet(long untilNanos) -> {
                await(entry);
                after(untilNanos - now, () -> resume(entry));
                yield false;
            }
        };
    }

    private void await(PollEntry entry) {
        entry.again();
        entry.runner.enter(RunnerState.IDLE, "its credential is in use in another pool");
        awaiting.add(entry);
    }

    private void resume(PollEntry entry) {
        if (awaiting.remove(entry)) {
            back(entry, clock.nanos());
            walk();
        }
    }

    private void polled(PollEntry entry, Secret token, Polled polled, long sentNanos) {
        String before = breaker.circuit().label();
        taken(entry, token, polled, sentNanos);
        String after = breaker.circuit().label();
        if (!after.equals(before)) {
            starter.tell("circuit", name, null, before + " to " + after);
        }
        if (polled instanceof Polled.Failed(ControlPlaneException.CredentialRefused refused)) {
            starter.tell("quarantined", name, entry.runner, String.valueOf(refused.getMessage()));
        }
    }

    private void taken(PollEntry entry, Secret token, Polled polled, long sentNanos) {
        long now = clock.nanos();
        switch (polled) {
            case Polled.NoJob(var pollAfter, var rate) -> {
                answers.noJob(entry, pollAfter, rate, now);
                back(entry, now);
                starter.polledInVain();
            }
            case Polled.Granted(var run, var rate) -> {
                answers.granted(entry, rate, now);
                starter.start(entry.runner, run, end -> onWorker(() -> {
                    long endedAt = clock.nanos();
                    credentials.release(token, endedAt);
                    entry.jobEnded(endedAt, end, Duration.ofNanos(endedAt - now));
                    back(entry, endedAt);
                    walk();
                }));
            }
            case Polled.Failed(var failure) -> {
                answers.failed(entry, failure, sentNanos, now);
                back(entry, now);
                starter.polledInVain();
            }
        }
    }

    private void back(PollEntry entry, long now) {
        if (entry.gone) {
            Runnable then = leaving.remove(entry.runner);
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

    /** Who runs what the polls bring, and counts what is open. */
    interface JobStarter {
        /** A lease request is about to leave: something may become open. False when none may leave any more. */
        boolean polling();

        /** It brought no job. */
        void polledInVain();

        /** It brought this job; {@code ended} is called once when it has ended. */
        void start(Runner runner, JobRun run, Consumer<JobEnd> ended);

        /** Something happened that people want to hear of; of the type of an event. */
        void tell(String type, String controlPlane, @Nullable Runner runner, String message);
    }
}
