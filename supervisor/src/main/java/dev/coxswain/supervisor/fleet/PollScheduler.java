package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.time.Instant;
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
import dev.coxswain.supervisor.runner.Slots;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * Walks the runners of one control plane (design section 5.2): a poll leaves only when a runner is due, the request budget
 * allows it, and a slot is reserved. One timer for all runners. Everything happens one after another, see {@link Serial},
 * so nothing here is locked: an answer is taken in, and the next poll sent, on the thread that brought it.
 */
final class PollScheduler implements Disposable {
    private static final Logger LOG = LoggerFactory.getLogger(PollScheduler.class);

    private final String name;
    private final Slots slots;
    private final FleetClock clock;
    private final Scheduler.Worker worker;
    private final JobStarter starter;
    private final CredentialLeases credentials;
    private final RequestBudget budget;
    private final Pace pace;
    private final Breaker breaker;
    private final LeaseAnswers answers;
    private final OpenRequests requestsInFlight;
    private final PoolQueues pools;
    private final Roster roster;
    private final Serial serial = new Serial();
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
        this.starter = starter;
        this.credentials = credentials;
        this.budget = new RequestBudget(config.requestsPerSecond(), now);
        this.perSecond = config.requestsPerSecond();
        this.pace = new Pace(config.requestsPerSecond(), now);
        this.breaker = new Breaker(config.name(), random, now);
        this.answers = new LeaseAnswers(clock, breaker, pace);
        this.requestsInFlight = new OpenRequests(sharing);
        this.pools = new PoolQueues(random);
        this.roster = new Roster(pools, new Intervals(config), held, random);
        this.freed = slots.onFreed(this::slotFreed);
    }

    /** Takes a runner in; its first poll comes soon, as far as the budget allows. */
    void add(Runner runner, int weight) {
        onWorker(() -> {
            roster.add(runner, weight, clock.nanos());
            walk();
        });
    }

    /** Asks for this runner no more; a request in flight and a job go on. Tells nobody; safe to repeat. */
    void remove(Runner runner) {
        onWorker(() -> roster.remove(runner, clock.nanos()));
    }

    /** Runs this when a removed runner has no request in flight and no job any more; at once when that is so already. */
    void whenGone(Runner runner, Runnable then) {
        onWorker(() -> roster.whenGone(runner, then));
    }

    /** Another budget and other intervals; whoever waits keeps its moment. The name and the address stay. */
    void retune(ControlPlaneConfig config) {
        perSecond = config.requestsPerSecond();
        onWorker(() -> {
            roster.retune(config);
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

    /** So many jobs have come: that many idle runners of each pool are asked for at once, as far as the budget allows. */
    void arrived(int jobs) {
        onWorker(() -> {
            pools.arrived(jobs);
            walk();
        });
    }

    /** Asks for this runner at once, as far as the budget allows; a quarantine is forgotten. */
    void retryNow(Runner runner) {
        onWorker(() -> {
            roster.retryNow(runner, clock.nanos());
            walk();
        });
    }

    /** Other runners are held now: looks at each of them. Those that are let go are asked for soon, one after another. */
    void heldChanged() {
        onWorker(() -> {
            roster.heldChanged(clock.nanos());
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
            serial.run(() -> {
                freedSignalled.set(false);
                pools.unblock();
                walk();
            });
        }
    }

    /** What people and reloads ask for: not on their threads. */
    private void onWorker(Runnable task) {
        after(0, task);
    }

    private Disposable after(long nanos, Runnable task) {
        try {
            return worker.schedule(() -> serial.run(task), nanos, TimeUnit.NANOSECONDS);
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
        PollEntry entry = pool.take(now);
        switch (starter.polling(entry.runner)) {
            case NOT_THIS_ONE -> {
                slot.release();
                roster.back(entry, now);
                return;
            }
            case NONE -> {
                stopped = true;
                slot.release();
                return;
            }
            case YES -> {
            }
        }
        Secret token = entry.runner.credential().token();
        if (!claimed(entry, token, now)) {
            starter.polledInVain(entry.runner);
            slot.release();
            return;
        }
        entry.asked = true;
        budget.take(now, pace.fraction(now));
        requests.incrementAndGet();
        OpenRequests.Request request = requestsInFlight.sent(now);
        breaker.sent(now);
        Disposable.Swap mine = Disposables.swap();
        inFlight.add(mine);
        mine.update(entry.runner.poll(slot).subscribe(polled -> {
            serial.run(() -> {
                inFlight.remove(mine);
                requestsInFlight.answered(request);
                entry.asked = false;
                if (!(polled instanceof Polled.Granted)) {
                    credentials.release(token, clock.nanos());
                }
                polled(entry, polled, request.sentNanos);
                walk();
            });
            // behind the answer, and not as a part of it: nobody else's turn waits for the beginning of a job
            if (polled instanceof Polled.Granted granted) {
                start(entry, token, granted.run());
            }
        }, failure -> LOG.error("a poll failed in an unexpected way: runner={}", entry.runner.name(), failure)));
    }

    private void start(PollEntry entry, Secret token, JobRun run) {
        long startedAt = clock.nanos();
        starter.start(entry.runner, run, end -> serial.run(() -> {
            long endedAt = clock.nanos();
            credentials.release(token, endedAt);
            roster.jobEnded(entry, end, Duration.ofNanos(endedAt - startedAt), endedAt);
            walk();
        }));
    }

    /** Whether its credential is free now; else the runner is back as soon as it has its turn. */
    private boolean claimed(PollEntry entry, Secret token, long now) {
        return switch (credentials.claim(token, entry, entry.runner.services().slotsPerRunner(), now,
                () -> serial.run(() -> resume(entry)))) {
            case CredentialLeases.Claim.Taken() -> true;
            case CredentialLeases.Claim.Busy() -> {
                roster.await(entry);
                yield false;
            }
            case CredentialLeases.Claim.NotYet(long untilNanos) -> {
                roster.await(entry);
                after(untilNanos - now, () -> resume(entry));
                yield false;
            }
        };
    }

    private void resume(PollEntry entry) {
        if (roster.resume(entry, clock.nanos())) {
            walk();
        }
    }

    private void polled(PollEntry entry, Polled polled, long sentNanos) {
        String before = breaker.circuit().label();
        taken(entry, polled, sentNanos);
        String after = breaker.circuit().label();
        if (!after.equals(before)) {
            starter.tell("circuit", name, null, before + " to " + after);
        }
        if (polled instanceof Polled.Failed(ControlPlaneException.CredentialRefused refused)) {
            starter.tell("quarantined", name, entry.runner, String.valueOf(refused.getMessage()));
        }
    }

    private void taken(PollEntry entry, Polled polled, long sentNanos) {
        long now = clock.nanos();
        switch (polled) {
            case Polled.NoJob(var pollAfter, var rate) -> {
                answers.noJob(entry, pollAfter, rate, now);
                roster.back(entry, now);
                starter.polledInVain(entry.runner);
            }
            case Polled.Granted(var run, var rate) -> {
                answers.granted(entry, rate, now);
                entry.jobs++;
                if (entry.hasRoom()) {
                    entry.more(now, rate);
                    roster.back(entry, now);
                }
            }
            case Polled.Failed(var failure) -> {
                answers.failed(entry, failure, sentNanos, now);
                roster.back(entry, now);
                starter.polledInVain(entry.runner);
            }
        }
    }

    /** Whether a lease request may leave. */
    enum Leave {
        YES,
        /** this runner's may not: by now it is held, and will be let go with the others */
        NOT_THIS_ONE,
        /** none may any more */
        NONE
    }

    /** Who runs what the polls bring, and counts what is open. */
    interface JobStarter {
        /** A lease request of this runner is about to leave: something may become open. */
        Leave polling(Runner runner);

        /** It brought no job. */
        void polledInVain(Runner runner);

        /** It brought this job; {@code ended} is called once when it has ended. */
        void start(Runner runner, JobRun run, Consumer<JobEnd> ended);

        /** Something happened that people want to hear of; of the type of an event. */
        void tell(String type, String controlPlane, @Nullable Runner runner, String message);
    }
}
