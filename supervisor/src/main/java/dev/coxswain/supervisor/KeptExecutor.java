package dev.coxswain.supervisor;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.Executor;
import dev.coxswain.executors.Limits;
import dev.coxswain.executors.OwnedExecutor;
import dev.coxswain.executors.Workspace;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * An executor of the configuration, which a reload may take away while jobs are in it: then it ends with the last of them. A
 * job that comes even later, since its lease request was under way at the reload, gets one made anew, for itself.
 */
final class KeptExecutor implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(KeptExecutor.class);

    private final String kind;
    private final Supplier<? extends OwnedExecutor> maker;
    private final Disposable.Composite retiring = Disposables.composite();
    private @Nullable OwnedExecutor inner;
    private int users;
    private boolean retired;

    /**
     * @param kind in the configuration
     * @param maker makes it now, and again for a job that comes too late
     */
    KeptExecutor(String kind, Supplier<? extends OwnedExecutor> maker) {
        this.kind = kind;
        this.maker = maker;
        this.inner = maker.get();
    }

    @Override
    public String kind() {
        return kind;
    }

    /** None of one that has ended. */
    @Override
    public synchronized Set<Limits.Kind> holds() {
        return inner == null ? Set.of() : inner.holds();
    }

    /** Commands that run now. */
    synchronized int running() {
        return inner == null ? 0 : inner.running();
    }

    /** Whether it has threads and may run something. */
    synchronized boolean isOpen() {
        return inner != null;
    }

    @Override
    public Mono<Workspace> open(String jobKey) {
        return Mono.defer(() -> {
            OwnedExecutor entered = enter();
            AtomicBoolean opened = new AtomicBoolean();
            return entered.open(jobKey).<Workspace>map(workspace -> {
                opened.set(true);
                return new Used(workspace);
            }).doFinally(end -> {
                if (!opened.get()) {
                    leave();
                }
            });
        });
    }

    @Override
    public Mono<Reaped> reap() {
        return Mono.defer(() -> enter().reap().doFinally(end -> leave()));
    }

    /** The configuration has it no more: it ends as soon as no job is in it. Safe to repeat. */
    synchronized void retire() {
        retired = true;
        endIfUnused();
    }

    /** Ends it at once, with whatever runs in it. */
    synchronized void close() {
        retiring.dispose();
        if (inner != null) {
            inner.close();
            inner = null;
        }
    }

    private synchronized OwnedExecutor enter() {
        users++;
        OwnedExecutor now = inner == null ? maker.get() : inner;
        inner = now;
        return now;
    }

    private synchronized void leave() {
        users--;
        endIfUnused();
    }

    private void endIfUnused() {
        OwnedExecutor unused = inner;
        if (retired && users == 0 && unused != null) {
            inner = null;
            Disposable.Swap mine = Disposables.swap();
            retiring.add(mine);
            mine.update(unused.retire().doFinally(end -> retiring.remove(mine)).subscribe(done -> {},
                    failure -> LOG.warn("an executor of a former configuration keeps its threads: {}",
                            String.valueOf(failure.getMessage()))));
        }
    }

    /** A workspace whose end is counted. */
    private final class Used implements Workspace {
        private final Workspace workspace;
        private final AtomicBoolean left = new AtomicBoolean();

        Used(Workspace workspace) {
            this.workspace = workspace;
        }

        @Override
        public String pathOf(String relative) {
            return workspace.pathOf(relative);
        }

        @Override
        public Flux<CommandEvent> run(Command command) {
            return workspace.run(command);
        }

        @Override
        public Mono<Void> folder(String relative) {
            return workspace.folder(relative);
        }

        @Override
        public Mono<Void> write(String relative, byte[] content) {
            return workspace.write(relative, content);
        }

        @Override
        public Mono<byte[]> read(String relative, int maxBytes) {
            return workspace.read(relative, maxBytes);
        }

        @Override
        public Mono<Path> localFile(String relative) {
            return workspace.localFile(relative);
        }

        @Override
        public Flux<Entry> list(String folder) {
            return workspace.list(folder);
        }

        @Override
        public Mono<Void> place(String relative, Path local) {
            return workspace.place(relative, local);
        }

        @Override
        public Mono<Void> wipe(String relative) {
            return workspace.wipe(relative);
        }

        @Override
        public Mono<Usage> usage() {
            return workspace.usage();
        }

        @Override
        public Mono<Void> stop(Stop how) {
            return workspace.stop(how);
        }

        @Override
        public Mono<Void> close() {
            return workspace.close().doOnTerminate(() -> {
                if (left.compareAndSet(false, true)) {
                    leave();
                }
            });
        }
    }
}
