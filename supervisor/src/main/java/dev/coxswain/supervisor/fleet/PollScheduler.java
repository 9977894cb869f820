package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.FleetClock;
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
 * allows it, and a slot is reserved. One timer for all runners. Everything happens on one worker of the scheduler, so
 * nothing here is locked; callers on other threads are handed over to it.
 */
final class PollScheduler implements Disposable {
    private static final Logger LOG = LoggerFactory.getLogger(PollScheduler.class);
    private static final int BURST = 4;

    private final ControlPlaneConfig config;
    private final Slots slots;
    private final FleetClock clock;
    private final Scheduler.Worker worker;
    private final DoubleSupplier random;
    private final JobStarter starter;
    private final boolean sharesSlots;
    private final RequestBudget budget;
    private final Breaker breaker;
    private final PoolQueues pools = new PoolQueues();
    private final Disposable.Composite inFlight = Disposables.composite();
    private final AtomicBoolean freedSignalled = new AtomicBoolean();
    private final Disposable.Swap wake = Disposables.swap();
    private int requestsInFlight;
    private volatile boolean stopped;
    private final AtomicLong requests = new AtomicLong();
    private volatile @Nullable Instant lastSuccess;
    private volatile @Nullable String lastError;

    /**
     * Makes the scheduler of one control plane; nothing leaves before {@link #add}.
     *
     * @param sharesSlots whether other control planes use the same slots
     * @param starter runs the jobs that were granted
     */
    PollScheduler(ControlPlaneConfig config, Slots slots, FleetClock clock, Scheduler scheduler, DoubleSupplier random,
            boolean sharesSlots, JobStarter starter) {
        this.config = config;
        this.slots = slots;
        this.clock = clock;
        this.worker = scheduler.createWorker();
        this.random = random;
        this.starter = starter;
        this.sharesSlots = sharesSlots;
        this.budget = new RequestBudget(config.requestsPerSecond(), BURST, clock.nanos());
        this.breaker = new Breaker(config.name(), random, clock.nanos());
        slots.onFreed(this::slotFreed);
    }

    /** Takes a runner in; its first poll comes within {@code poll.min}, as far as the budget allows. */
    void add(Runner runner, int weight) {
        onWorker(() -> {
            PoolQueue pool = pools.of(runner.services().pool(), weight);
            PollEntry entry = new PollEntry(runner, pool, config.pollMin(), config.pollMax(), random);
            entry.first(clock.nanos());
            pool.add(entry);
            walk();
        });
    }

    void remove(Runner runner) {} // TMP
    void whenGone(Runner runner, Runnable then) {} // TMP
    void retune(ControlPlaneConfig config) {} // TMP
    void reweigh(String pool, int weight) {} // TMP
    void retryNow(Runner runner) {} // TMP

    /** No poll leaves any more, from this moment; those in flight go on. */
    void stop() {
        stopped = true;
        onWorker(() -> wake.update(Disposables.disposed()));
    }

    long requests() {
        return requests.get();
    }

    @Nullable
    Instant lastSuccess() {
        return lastSuccess;
    }

    @Nullable
    String lastError() {
        return lastError;
    }

    /** Ends at once; for a process that exits. */
    @Override
    public void dispose() {
        wake.dispose();
        inFlight.dispose();
        worker.dispose();
    }

    private void slotFreed() {
        if (freedSignalled.compareAndSet(false, true)) {
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
        } catch (RejectedExecutionException stopped) {
            LOG.debug("stopped: controlPlane={}", config.name());
            return Disposables.disposed();
        }
    }

    private void walk() {
        while (!stopped) {
            long now = clock.nanos();
            if (breaker.nextAtNanos() - now > 0) {
                wakeAt(breaker.nextAtNanos());
                return;
            }
            if (asksEnough()) {
                return;
            }
            PoolQueue pool = pools.next(now, breaker.isOpen());
            if (pool == null) {
                long earliest = pools.earliestNanos();
                if (earliest != PoolQueues.NEVER) {
                    wakeAt(earliest);
                }
                return;
            }
            if (!budget.allows(now)) {
                wakeAt(budget.nextAtNanos());
                return;
            }
            switch (slots.reserve(pool.pool)) {
                // even without a slot for this pool there may be one that is kept for another
                case Slots.Denied denied -> pool.blocked = true;
                case Slots.Slot slot -> send(pool, slot, now);
            }
        }
    }

    /**
     * A lease request holds a slot until it is answered, and a control plane that hangs answers none for long. So that it
     * can't take every slot from the others, no more questions are open than slots are left. An answer or a freed slot
     * ends the wait.
     */
    private boolean asksEnough() {
        return sharesSlots && requestsInFlight > 0 && requestsInFlight >= slots.total() - slots.used();
    }

    private void wakeAt(long nanos) {
        wake.update(after(Math.max(0, nanos - clock.nanos()), this::walk));
    }

    private void send(PoolQueue pool, Slots.Slot slot, long now) {
        if (!starter.polling()) {
            stopped = true;
            slot.release();
            return;
        }
        PollEntry entry = pool.take();
        budget.take(now);
        requests.incrementAndGet();
        requestsInFlight++;
        boolean probe = breaker.sent(now);
        Disposable.Swap mine = Disposables.swap();
        inFlight.add(mine);
        mine.update(entry.runner.poll(slot).subscribe(polled -> onWorker(() -> {
            inFlight.remove(mine);
            requestsInFlight--;
            polled(entry, polled, probe);
            walk();
        }), failure -> LOG.error("a poll failed in an unexpected way: runner={}", entry.runner.name(), failure)));
    }

    private void polled(PollEntry entry, Polled polled, boolean probe) {
        long now = clock.nanos();
        switch (polled) {
            case Polled.NoJob(var pollAfter) -> {
                succeeded();
                entry.noJob(now, pollAfter);
                back(entry);
                starter.polledInVain();
            }
            case Polled.Granted(var run) -> {
                succeeded();
                entry.granted();
                entry.pool.warmOne(now);
                long startedAt = now;
                starter.start(entry.runner, run, end -> onWorker(() -> {
                    entry.jobEnded(clock.nanos(), end, Duration.ofNanos(clock.nanos() - startedAt));
                    back(entry);
                    walk();
                }));
            }
            case Polled.Failed(var failure) -> {
                failed(entry, failure, now, probe);
                back(entry);
                starter.polledInVain();
            }
        }
    }

    private void back(PollEntry entry) {
        entry.pool.add(entry);
    }

    private void succeeded() {
        breaker.answered();
        lastSuccess = clock.now();
    }

    private void failed(PollEntry entry, ControlPlaneException failure, long now, boolean probe) {
        lastError = failure.getMessage();
        switch (failure) {
            case ControlPlaneException.CredentialRefused refused -> {
                breaker.answered();
                entry.refused(now);
                LOG.warn("credential refused, tried again in {} s: runner={} {}",
                        (entry.dueNanos - now) / 1_000_000_000,
                        entry.runner.name(), failure.getMessage());
            }
            case ControlPlaneException.RateLimited limited -> {
                breaker.rateLimited(now, failure.retryAfter());
                entry.failed(now, null);
            }
            case ControlPlaneException.Rejected rejected -> {
                breaker.answered();
                entry.rejected(now);
            }
            case ControlPlaneException.LeaseLost lost -> {
                breaker.answered();
                entry.rejected(now);
            }
            case ControlPlaneException.Unavailable down -> {
                breaker.failed(now, failure, probe);
                entry.failed(now, failure.retryAfter());
            }
            case ControlPlaneException.Garbled garbled -> {
                breaker.failed(now, failure, probe);
                entry.failed(now, failure.retryAfter());
            }
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
    }
}
