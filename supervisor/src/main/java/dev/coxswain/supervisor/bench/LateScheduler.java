package dev.coxswain.supervisor.bench;

import java.util.concurrent.TimeUnit;

import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** Another scheduler, with a record of how late its delayed tasks of the workers begin; the newest 200,000 are kept. */
final class LateScheduler implements Scheduler {
    private static final int KEPT = 200_000;

    private final Scheduler scheduler;
    private final long[] nanos = new long[KEPT];
    private int count;

    LateScheduler(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    synchronized void reset() {
        count = 0;
    }

    /** How late they were, in nanoseconds, the least first. */
    synchronized long[] sorted() {
        return Figures.sorted(nanos, count);
    }

    private Runnable timed(Runnable task, long delayNanos) {
        long planned = System.nanoTime() + Math.max(0, delayNanos);
        return () -> {
            long late = System.nanoTime() - planned;
            synchronized (this) {
                nanos[count % KEPT] = late;
                count++;
            }
            task.run();
        };
    }

    @Override
    public Disposable schedule(Runnable task) {
        return scheduler.schedule(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return scheduler.schedule(timed(task, unit.toNanos(delay)), delay, unit);
    }

    @Override
    public long now(TimeUnit unit) {
        return scheduler.now(unit);
    }

    @Override
    public Worker createWorker() {
        Worker worker = scheduler.createWorker();
        return new Worker() {
            @Override
            public Disposable schedule(Runnable task) {
                return worker.schedule(task);
            }

            @Override
            public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
                return delay <= 0
                        ? worker.schedule(task)
                        : worker.schedule(timed(task, unit.toNanos(delay)), delay, unit);
            }

            @Override
            public void dispose() {
                worker.dispose();
            }
        };
    }

    /** The other scheduler is its owner's. */
    @Override
    public void dispose() {
        reset();
    }
}
