package dev.coxswain.executors.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * Kills what carries a workspace's marker when the workspace ends. To look at all processes of a host takes milliseconds, so
 * one look serves all workspaces that wait for one, and under load there is one in 20 ms; a lone end waits for nothing.
 */
final class Sweeps {
    private static final long APART_NANOS = Duration.ofMillis(20).toNanos();

    private final Scheduler files;
    private final Scheduler timer;
    private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean planned = new AtomicBoolean();
    private volatile long lastNanos = System.nanoTime() - APART_NANOS;

    /**
     * @param files looks at the processes
     * @param timer keeps looks apart
     */
    Sweeps(Scheduler files, Scheduler timer) {
        this.files = files;
        this.timer = timer;
    }

    private record Waiting(String workspace, long since, MonoSink<Void> done) {}

    /**
     * Completes after a look that began later than this subscription; fails when the executor is closed.
     *
     * @param since no process of this workspace started before; see {@link ProcTable#now()}
     */
    Mono<Void> of(String workspace, long since) {
        return ProcTable.PRESENT ? Mono.create(done -> {
            queue.add(new Waiting(workspace, since, done));
            plan();
        }) : Mono.empty();
    }

    private void plan() {
        if (!queue.isEmpty() && planned.compareAndSet(false, true)) {
            long pause = lastNanos + APART_NANOS - System.nanoTime();
            if (pause <= 0) {
                look();
            } else {
                scheduled(() -> timer.schedule(this::look, pause, TimeUnit.NANOSECONDS));
            }
        }
    }

    private void look() {
        scheduled(() -> files.schedule(this::lookNow));
    }

    private void scheduled(Runnable attempt) {
        try {
            attempt.run();
        } catch (RejectedExecutionException e) {
            planned.set(false);
            taken().forEach(waiting -> waiting.done().error(e));
        }
    }

    private void lookNow() {
        lastNanos = System.nanoTime();
        List<Waiting> all = taken();
        try {
            kill(all.stream().collect(Collectors.toMap(Waiting::workspace, Waiting::since, Math::min)));
            all.forEach(waiting -> waiting.done().success());
        } catch (RuntimeException e) {
            all.forEach(waiting -> waiting.done().error(e));
        }
        planned.set(false);
        plan();
    }

    private List<Waiting> taken() {
        List<Waiting> taken = new ArrayList<>();
        for (Waiting next = queue.poll(); next != null; next = queue.poll()) {
            taken.add(next);
        }
        return taken;
    }

    private static void kill(Map<String, Long> since) {
        long earliest = since.values().stream().mapToLong(ticks -> ticks).min().orElse(0);
        FormerLife.marked(earliest, since::containsKey).forEach(pid -> Signals.send(pid, Signals.KILL));
    }
}
