package dev.coxswain.supervisor.functions;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Writes pauses down and skips them; limits of ten minutes and more never come. */
final class ImpatientTimer implements Scheduler {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    final List<Duration> pauses = new CopyOnWriteArrayList<>();

    @Override
    public Disposable schedule(Runnable task) {
        return Schedulers.parallel().schedule(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        Duration pause = Duration.of(delay, unit.toChronoUnit());
        if (pause.compareTo(LIMIT) >= 0) {
            return Disposables.single();
        }
        pauses.add(pause);
        return schedule(task);
    }

    @Override
    public Worker createWorker() {
        return Schedulers.parallel().createWorker();
    }
}
