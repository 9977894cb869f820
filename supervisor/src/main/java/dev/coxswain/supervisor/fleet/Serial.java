package dev.coxswain.supervisor.fleet;

import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import reactor.util.concurrent.Queues;

/**
 * Runs tasks one after another without a thread of its own: whoever comes while nobody is at it runs his task and those
 * that come meanwhile; everybody else leaves his behind and goes on. A hand-over to another thread would cost more than
 * most tasks do. Tasks are short and never wait. What waits is bounded by those who hand in: each request in flight, each
 * job and each timer has one task at most.
 */
final class Serial {
    private static final Logger LOG = LoggerFactory.getLogger(Serial.class);

    private final Queue<Runnable> tasks = Queues.<Runnable>unboundedMultiproducer().get();
    private final AtomicInteger waiting = new AtomicInteger();

    /** Runs it now, or after what is being run, on this thread or on that one. One that fails is logged. */
    void run(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() != 0) {
            return;
        }
        do {
            one(Objects.requireNonNull(tasks.poll(), "counted before it was there"));
        } while (waiting.decrementAndGet() != 0);
    }

    private static void one(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            // an error as well: one that got out would leave the count behind, and nobody would ever run a task again
            LOG.error("a step of the poll scheduler failed", e);
        }
    }
}
