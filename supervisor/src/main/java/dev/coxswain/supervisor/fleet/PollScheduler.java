package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
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
import dev.coxswain.supervisor.http.RetryPolicy;
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
    /** Failures in a row after which requests go out one by one. */
    private static final int OPEN_AFTER = 5;
    private static final int BURST = 4;
    private static final RetryPolicy OUTAGE = new RetryPolicy(Integer.MAX_VALUE, Duration.ofSeconds(1),
            Duration.ofSeconds(15));

    private final ControlPlaneConfig config;
    private final Slots slots;
    private final FleetClock clock;
    private final Scheduler.Worker worker;
    private final DoubleSupplier random;
    private final JobStarter starter;
    private final RequestBudget budget;
    private final Map<String, PoolQueue> pools = new LinkedHashMap<>();
    private final Disposable.Composite inFlight = Disposables.composite();
    private final AtomicBoolean freedSignalled = new AtomicBoolean();
    private final Disposable.Swap wake = Disposables.swap();
    private int requestsInFlight;
    private int failuresInRow;
    private long pausedUntilNanos;
    private boolean full;
    private boolean stopped;
    private final AtomicLong requests = new AtomicLong();
    private volatile @Nullable Instant lastSuccess;
    private volatile @Nullable String lastError;

    /**
     * Makes the scheduler of one control plane; nothing leaves before {@link #add}.
     *
     * @param starter runs the jobs that were granted
     */
    PollScheduler(ControlPlaneConfig config, Slots slots, FleetClock clock, Scheduler scheduler, DoubleSupplier random,
            JobStarter starter) {
        this.config = config;
        this.slots = slots;
        this.clock = clock;
        this.worker = scheduler.createWorker();
        this.random = random;
        this.starter = starter;
        this.budget = new RequestBudget(config.requestsPerSecond(), BURST, clock.nanos());
        this.pausedUntilNanos = clock.nanos();
        slots.onFreed(this::slotFreed);
    }

    /** Takes a runner in; its first poll comes within {@code poll.min}, as far as the budget allows. */
    void add(Runner runner, int weight) {
        worker.schedule(() -> {
            PoolQueue pool = pools.computeIfAbsent(runner.services().pool(), name -> new PoolQueue(name, weight));
            PollEntry entry = new PollEntry(runner, pool, config.pollMin(), config.pollMax(), random);
            entry.first(clock.nanos());
            pool.add(entry);
            walk();
        });
    }

    /** No poll leaves any more; those in flight go on. */
    void stop() {
        worker.schedule(() -> {
            stopped = true;
            wake.update(Disposables.disposed());
        });
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
            worker.schedule(() -> {
                freedSignalled.set(false);
                full = false;
                pools.values().forEach(pool -> pool.blocked = false);
                walk();
            });
        }
    }

    private void walk() {
        while (!stopped && !full) {
            long now = clock.nanos();
            if (pausedUntilNanos - now > 0) {
                wakeAt(pausedUntilNanos);
                return;
            }
            if (failuresInRow >= OPEN_AFTER && requestsInFlight > 0) {
                return;
            }
            PoolQueue pool = nextPool(now);
            if (pool == null) {
                sleepUntilDue();
                return;
            }
            if (!budget.allows(now)) {
                wakeAt(budget.nextAtNanos());
                return;
            }
            switch (slots.reserve(pool.pool)) {
                case Slots.Denied(var reason) -> {
                    switch (reason) {
                        case TOTAL -> full = true;
                        case POOL -> pool.blocked = true;
                    }
                }
                case Slots.Slot slot -> send(pool, slot, now);
            }
        }
    }

    /** Of the pools with a runner that is due, the one that was served least. */
    private @Nullable PoolQueue nextPool(long now) {
        PoolQueue best = null;
        for (PoolQueue pool : pools.values()) {
            PollEntry earliest = pool.peek();
            if (!pool.blocked && earliest != null && earliest.dueNanos - now <= 0
                    && (best == null || pool.served() < best.served())) {
                best = pool;
            }
        }
        if (best != null) {
            double level = best.served();
            pools.values().forEach(pool -> pool.catchUp(level - 1));
        }
        return best;
    }

    private void sleepUntilDue() {
        long earliest = Long.MAX_VALUE;
        for (PoolQueue pool : pools.values()) {
            PollEntry entry = pool.peek();
            if (!pool.blocked && entry != null) {
                earliest = Math.min(earliest, entry.dueNanos);
            }
        }
        if (earliest != Long.MAX_VALUE) {
            wakeAt(earliest);
        }
    }

    private void wakeAt(long nanos) {
        long wait = Math.max(0, nanos - clock.nanos());
        wake.update(worker.schedule(this::walk, wait, TimeUnit.NANOSECONDS));
    }

    private void send(PoolQueue pool, Slots.Slot slot, long now) {
        PollEntry entry = pool.take();
        if (entry == null) {
            slot.release();
            return;
        }
        budget.take(now);
        requests.incrementAndGet();
        requestsInFlight++;
        starter.polling();
        Disposable.Swap mine = Disposables.swap();
        inFlight.add(mine);
        mine.update(entry.runner.poll(slot).subscribe(polled -> worker.schedule(() -> {
            inFlight.remove(mine);
            requestsInFlight--;
            polled(entry, polled);
            walk();
        }), failure -> LOG.error("a poll failed in an unexpected way: runner={}", entry.runner.name(), failure)));
    }

    private void polled(PollEntry entry, Polled polled) {
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
                entry.pool.warmOne(now);
                long startedAt = now;
                starter.start(entry.runner, run, end -> worker.schedule(() -> {
                    entry.jobEnded(clock.nanos(), end, Duration.ofNanos(clock.nanos() - startedAt));
                    back(entry);
                    walk();
                }));
            }
            case Polled.Failed(var failure) -> {
                failed(entry, failure, now);
                back(entry);
                starter.polledInVain();
            }
        }
    }

    private void back(PollEntry entry) {
        entry.pool.add(entry);
    }

    private void succeeded() {
        if (failuresInRow >= OPEN_AFTER) {
            LOG.info("control plane answers again: controlPlane={}", config.name());
        }
        failuresInRow = 0;
        lastSuccess = clock.now();
    }

    private void failed(PollEntry entry, ControlPlaneException failure, long now) {
        lastError = failure.getMessage();
        switch (failure) {
            case ControlPlaneException.CredentialRefused refused -> {
                entry.refused(now);
                LOG.warn("credential refused, tried again in {} s: runner={} {}",
                        (entry.dueNanos - now) / 1_000_000_000,
                        entry.runner.name(), failure.getMessage());
            }
            case ControlPlaneException.RateLimited limited -> {
                entry.failed(now, null);
                Duration asked = failure.retryAfter();
                pause(now, asked != null ? asked : OUTAGE.delay(0, null, random.getAsDouble()));
            }
            case ControlPlaneException.Rejected rejected -> entry.rejected(now);
            case ControlPlaneException.LeaseLost lost -> entry.rejected(now);
            case ControlPlaneException.Unavailable down -> outage(entry, failure, now);
            case ControlPlaneException.Garbled garbled -> outage(entry, failure, now);
        }
    }

    private void outage(PollEntry entry, ControlPlaneException failure, long now) {
        entry.failed(now, failure.retryAfter());
        failuresInRow++;
        if (failuresInRow >= OPEN_AFTER) {
            Duration pause = OUTAGE.delay(failuresInRow - OPEN_AFTER, failure.retryAfter(), random.getAsDouble());
            LOG.warn("control plane fails, asked again in {} ms: controlPlane={} failures={} {}", pause.toMillis(),
                    config.name(), failuresInRow, failure.getMessage());
            pause(now, pause);
        }
    }

    private void pause(long now, Duration howLong) {
        long until = now + howLong.toNanos();
        pausedUntilNanos = pausedUntilNanos - until > 0 ? pausedUntilNanos : until;
    }

    /** Who runs what the polls bring, and counts what is open. */
    interface JobStarter {
        /** A lease request is about to leave: something may become open. */
        void polling();

        /** It brought no job. */
        void polledInVain();

        /** It brought this job; {@code ended} is called once when it has ended. */
        void start(Runner runner, JobRun run, Consumer<JobEnd> ended);
    }
}
