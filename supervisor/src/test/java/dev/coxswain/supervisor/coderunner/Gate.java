package dev.coxswain.supervisor.coderunner;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

import reactor.core.scheduler.Schedulers;

/** Lets work pass, or keeps it until it is opened again. */
final class Gate implements Executor {
    private final Queue<Runnable> kept = new ArrayDeque<>();
    private boolean closed;

    @Override
    public void execute(Runnable work) {
        synchronized (this) {
            if (closed) {
                kept.add(work);
                return;
            }
        }
        Schedulers.parallel().schedule(work);
    }

    synchronized void close() {
        closed = true;
    }

    synchronized void open() {
        closed = false;
        kept.forEach(Schedulers.parallel()::schedule);
        kept.clear();
    }
}
