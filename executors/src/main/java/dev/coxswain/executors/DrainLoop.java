package dev.coxswain.executors;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import reactor.core.scheduler.Scheduler;

/**
 * Takes turns on one worker, never two at once, whoever signals from whichever thread: after each signal at least one turn
 * begins. For a source that emits by demand: demand, a cancel and new data are all signals.
 */
public final class DrainLoop {
    private final Scheduler.Worker worker;
    private final Runnable turn;
    private final Consumer<? super RejectedExecutionException> refused;
    private final AtomicInteger signals = new AtomicInteger();

    /**
     * @param worker where turns are taken; its owner disposes it
     * @param turn takes one turn; does not throw
     * @param refused told, on the signalling thread, when the worker takes nothing any more
     */
    public DrainLoop(Scheduler.Worker worker, Runnable turn, Consumer<? super RejectedExecutionException> refused) {
        this.worker = worker;
        this.turn = turn;
        this.refused = refused;
    }

    /** Something changed. Never blocks. */
    public void signal() {
        if (signals.getAndIncrement() == 0) {
            try {
                worker.schedule(this::drain);
            } catch (RejectedExecutionException e) {
                refused.accept(e);
            }
        }
    }

    /** The turn is over though there is more to do: others of the same thread come first. Called within a turn. */
    public void laterAgain() {
        worker.schedule(this::signal);
    }

    private void drain() {
        int missed = 1;
        while (missed != 0) {
            turn.run();
            missed = signals.addAndGet(-missed);
        }
    }
}
