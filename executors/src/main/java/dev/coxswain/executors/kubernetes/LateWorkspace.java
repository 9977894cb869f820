package dev.coxswain.executors.kubernetes;

import java.nio.file.Path;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The workspace of one job, whose pod is made when the first command or file needs it. Before that it is empty; from then on
 * all calls wait for the pod, and fail with what became of it when it does not start. It is not made twice.
 */
final class LateWorkspace implements Workspace {
    private final PodPaths paths;
    private final Mono<PodNames> names;
    private final Function<PodNames, PodStart> maker;
    private final Sinks.One<PodWorkspace> ready = Sinks.one();
    private final Sinks.Empty<Void> halted = Sinks.empty();
    private final Disposable.Swap starting = Disposables.swap();
    private final Mono<Void> end;
    // guarded by this
    private @Nullable PodStart start;
    private boolean begun;
    private boolean closed;
    private volatile @Nullable Stop stopped;

    /**
     * @param paths in the pod
     * @param names emits when nothing of a former life is left, and what pods are called
     * @param maker prepares the pod; asks nothing of the cluster yet
     * @param freed done at the end
     */
    LateWorkspace(PodPaths paths, Mono<PodNames> names, Function<PodNames, PodStart> maker, Runnable freed) {
        this.paths = paths;
        this.names = names;
        this.maker = maker;
        this.end = Mono.defer(this::shut).doOnTerminate(freed).cache();
    }

    private Mono<PodWorkspace> pod() {
        return Mono.defer(() -> {
            if (begins()) {
                starting.update(names.map(this::prepared).flatMap(PodStart::ready)
                        .subscribe(ready::tryEmitValue, ready::tryEmitError));
            }
            return ready.asMono();
        });
    }

    private synchronized boolean begins() {
        boolean first = !begun && !closed;
        begun = true;
        return first;
    }

    private synchronized PodStart prepared(PodNames known) {
        if (closed) {
            throw gone();
        }
        PodStart prepared = maker.apply(known);
        start = prepared;
        return prepared;
    }

    private synchronized @Nullable PodStart closing() {
        closed = true;
        return start;
    }

    private static WorkspaceException gone() {
        return new WorkspaceException("the workspace is closed");
    }

    /** The answer of the pod, or that of an empty folder where no pod was needed yet. */
    private <T> Mono<T> looked(String relative, Function<PodWorkspace, Mono<T>> look) {
        return Mono.defer(() -> {
            PodPaths.file(relative);
            return isUntouched() ? Mono.empty() : pod().flatMap(look);
        });
    }

    private synchronized boolean isUntouched() {
        return !begun && !closed;
    }

    @Override
    public String pathOf(String relative) {
        return paths.absolute(relative);
    }

    @Override
    public Flux<CommandEvent> run(Command command) {
        return Flux.defer(() -> stopped != null
                ? refused()
                // a stop does not wait for a pod that only starts
                : Mono.firstWithSignal(halted.asMono().then(Mono.error(() -> stoppedEarly())), pod())
                        .flatMapMany(pod -> stopped != null ? refused() : pod.run(command)));
    }

    private static Flux<CommandEvent> refused() {
        return Flux.error(stoppedEarly());
    }

    private static WorkspaceException stoppedEarly() {
        return new WorkspaceException(PodWorkspace.STOPPED);
    }

    @Override
    public Mono<Void> write(String relative, byte[] content) {
        return pod().flatMap(pod -> pod.write(relative, content));
    }

    @Override
    public Mono<Void> folder(String relative) {
        return pod().flatMap(pod -> pod.folder(relative));
    }

    @Override
    public Mono<Void> place(String relative, Path local) {
        return pod().flatMap(pod -> pod.place(relative, local));
    }

    @Override
    public Mono<byte[]> read(String relative, int maxBytes) {
        return looked(relative, pod -> pod.read(relative, maxBytes));
    }

    @Override
    public Mono<Path> localFile(String relative) {
        return looked(relative, pod -> pod.localFile(relative));
    }

    @Override
    public Mono<Void> wipe(String relative) {
        return looked(relative, pod -> pod.wipe(relative));
    }

    @Override
    public Flux<Entry> list(String folder) {
        return Flux.defer(() -> {
            PodPaths.normal(folder);
            return isUntouched() ? Flux.empty() : pod().flatMapMany(pod -> pod.list(folder));
        });
    }

    @Override
    public Mono<Void> stop(Stop how) {
        return Mono.defer(() -> {
            stopped = how;
            halted.tryEmitEmpty();
            PodStart there = started();
            return there == null ? Mono.empty() : there.workspace().stop(how);
        });
    }

    private synchronized @Nullable PodStart started() {
        return start;
    }

    @Override
    public Mono<Void> close() {
        return end;
    }

    private Mono<Void> shut() {
        stopped = Stop.KILL;
        PodStart there = abandoned();
        return there == null ? Mono.empty() : there.end();
    }

    /** Asks for the pod's end without waiting for it. Blocks. */
    void closeNow() {
        PodStart there = abandoned();
        if (there != null) {
            there.deleteNow();
        }
    }

    /** Nothing is begun any more, and whoever waits for the pod is told. */
    private @Nullable PodStart abandoned() {
        PodStart there = closing();
        starting.dispose();
        halted.tryEmitEmpty();
        ready.tryEmitError(gone());
        return there;
    }
}
