package dev.coxswain.supervisor.bench;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Jobs that arrive in bursts at random moments, from a seed, and how long each waited for its lease. */
final class Arrivals {
    private static final Logger LOG = LoggerFactory.getLogger(Arrivals.class);

    private final Queue<Long> waiting = new ConcurrentLinkedQueue<>();
    private final Disposable.Swap running = Disposables.swap();
    private long[] waitedNanos = {};
    private int taken;
    private int expected;

    /** Forgets what was, and lets {@code bursts} times {@code jobs} arrive; pauses are exponential around the mean. */
    synchronized void start(long seed, int bursts, int jobs, double meanSeconds) {
        waiting.clear();
        taken = 0;
        expected = bursts * jobs;
        waitedNanos = new long[expected];
        Random random = new Random(seed);
        running.update(Flux.range(0, bursts)
                .concatMap(burst -> Mono
                        .delay(Duration.ofNanos((long) (-Math.log(1 - random.nextDouble()) * meanSeconds * 1e9))), 1)
                .subscribe(tick -> arrive(jobs), failure -> LOG.error("no more jobs arrive", failure)));
    }

    void stop() {
        running.dispose();
    }

    private void arrive(int jobs) {
        long now = System.nanoTime();
        for (int i = 0; i < jobs; i++) {
            waiting.add(now);
        }
    }

    /** Takes the oldest job; false when none waits. */
    boolean take() {
        Long since = waiting.poll();
        if (since == null) {
            return false;
        }
        long waited = System.nanoTime() - since;
        synchronized (this) {
            if (taken < waitedNanos.length) {
                waitedNanos[taken++] = waited;
            }
        }
        return true;
    }

    /** {@code taken} of {@code expected}; {@code p50}, {@code p99} of the waits in milliseconds. */
    synchronized Map<String, Double> figures() {
        long[] sorted = Figures.sorted(waitedNanos, taken);
        return Map.of("taken", (double) taken, "expected", (double) expected, "p50",
                Figures.percentile(sorted, 0.5) / 1e6, "p99", Figures.percentile(sorted, 0.99) / 1e6);
    }
}
