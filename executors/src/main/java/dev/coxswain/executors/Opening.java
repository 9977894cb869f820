package dev.coxswain.executors;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * Makes a workspace where files are made, for one subscriber who may go meanwhile: what nobody got to see is removed, since
 * nobody else would close it.
 */
public final class Opening<T extends Workspace> {
    private final Scheduler disk;
    private final Consumer<T> discard;
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final AtomicReference<@Nullable T> made = new AtomicReference<>();

    private Opening(Scheduler disk, Consumer<T> discard) {
        this.disk = disk;
        this.discard = discard;
    }

    /**
     * Emits what {@code make} gives, or its {@link RuntimeException}. Cold; cancelling is safe at any time.
     *
     * @param disk both blocks run on it
     * @param discard removes what was made for nobody
     */
    public static <T extends Workspace> Mono<Workspace> on(Scheduler disk, Supplier<T> make, Consumer<T> discard) {
        return Mono.create(sink -> new Opening<>(disk, discard).begin(make, sink));
    }

    private void begin(Supplier<T> make, MonoSink<Workspace> sink) {
        // a cancel either comes before the value is taken, and is told here, or changes nothing
        sink.onCancel(() -> {
            cancelled.set(true);
            disk.schedule(this::remove);
        });
        disk.schedule(() -> {
            if (cancelled.get()) {
                return;
            }
            try {
                T workspace = make.get();
                made.set(workspace);
                if (cancelled.get()) {
                    remove();
                } else {
                    sink.success(workspace);
                }
            } catch (RuntimeException e) {
                sink.error(e);
            }
        });
    }

    private void remove() {
        T workspace = made.getAndSet(null);
        if (workspace != null) {
            discard.accept(workspace);
        }
    }
}
