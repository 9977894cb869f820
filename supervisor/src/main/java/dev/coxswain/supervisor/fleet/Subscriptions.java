package dev.coxswain.supervisor.fleet;

import java.util.function.Consumer;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;

/** What runs for a fleet and nobody waits for: owned until it is over, and no longer. Safe from any thread. */
final class Subscriptions implements Disposable {
    private final Disposable.Composite running = Disposables.composite();

    /** Subscribes; after {@link #dispose()} it is cancelled at once. */
    <T> void own(Flux<T> work, Consumer<? super T> each, Consumer<? super Throwable> failed, Runnable done) {
        Disposable.Swap mine = Disposables.swap();
        running.add(mine);
        mine.update(work.doFinally(end -> running.remove(mine)).subscribe(each, failed, done));
    }

    <T> void own(Flux<T> work, Consumer<? super T> each, Consumer<? super Throwable> failed) {
        own(work, each, failed, () -> {});
    }

    /** How many run. */
    int count() {
        return running.size();
    }

    @Override
    public void dispose() {
        running.dispose();
    }

    @Override
    public boolean isDisposed() {
        return running.isDisposed();
    }
}
