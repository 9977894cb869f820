package dev.coxswain.executors.process;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Holds commands to their memory where no control group does: all of them in one look at the host, twice a second, and none
 * while there is nobody to look at. A look that takes longer is not followed by another one before it is over.
 */
final class MemoryWatch implements Disposable {
    private static final Logger log = LoggerFactory.getLogger(MemoryWatch.class);
    /** Short enough for a host, and too long to cost a short command anything. */
    private static final Duration BETWEEN = Duration.ofMillis(500);

    private final Scheduler files;
    private final Scheduler timer;
    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
    private final Disposable.Swap looking = Disposables.swap();

    /** @param files where looks are taken; blocks */
    MemoryWatch(Scheduler files, Scheduler timer) {
        this.files = files;
        this.timer = timer;
    }

    /** A command; told apart by identity. */
    private static final class Watched {
        final ProcessTree tree;
        final long mostBytes;
        final Runnable tooLarge;

        Watched(ProcessTree tree, long mostBytes, Runnable tooLarge) {
            this.tree = tree;
            this.mostBytes = mostBytes;
            this.tooLarge = tooLarge;
        }
    }

    /**
     * Watches a command until the result is disposed.
     *
     * @param tooLarge done once, on a thread that may block, when all of it holds more than {@code mostBytes}
     */
    Disposable add(ProcessTree tree, long mostBytes, Runnable tooLarge) {
        Watched one = new Watched(tree, mostBytes, tooLarge);
        synchronized (this) {
            if (watched.isEmpty()) {
                looking.update(Flux.interval(BETWEEN, timer).onBackpressureDrop()
                        .concatMap(tick -> Mono.<Void>fromRunnable(this::look).subscribeOn(files), 1)
                        .subscribe(none -> {}, e -> log.error("the memory of commands can't be watched any more", e)));
            }
            watched.add(one);
        }
        return () -> remove(one);
    }

    private synchronized void remove(Watched one) {
        if (watched.remove(one) && watched.isEmpty()) {
            looking.update(Disposables.disposed());
        }
    }

    private void look() {
        ProcessLook host = new ProcessLook();
        for (Watched one : watched) {
            if (one.tree.usage(host).memoryBytes() > one.mostBytes) {
                remove(one);
                one.tooLarge.run();
            }
        }
    }

    @Override
    public void dispose() {
        looking.dispose();
    }
}
