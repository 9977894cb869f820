package dev.coxswain.executors.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.JobKeys;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.files.FolderWalk;
import dev.coxswain.executors.files.TreeRemoval;
import dev.coxswain.executors.files.WorkDir;
import dev.coxswain.executors.files.WorkspaceFiles;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;

/** A folder of this host and the child processes that were started in it. */
final class ProcessWorkspace implements Workspace {
    private static final Logger log = LoggerFactory.getLogger(ProcessWorkspace.class);

    private final Host host;
    private final String jobKey;
    private final WorkspaceFiles files;
    private final Set<CommandRun> runs = ConcurrentHashMap.newKeySet();
    private final AtomicInteger commands = new AtomicInteger();
    private final Mono<Void> end;
    private final Consumer<ProcessWorkspace> closed;
    private final long since = ProcTable.now();
    private volatile @Nullable Stop stopped;

    private ProcessWorkspace(Host host, String jobKey, Path root, Consumer<ProcessWorkspace> closed) {
        this.host = host;
        this.jobKey = jobKey;
        this.files = new WorkspaceFiles(root);
        this.closed = closed;
        // cached, so that it runs once and to its end, whoever waits for it or stops waiting
        this.end = Mono.defer(() -> stop(Stop.KILL)).then(Mono.defer(this::sweep))
                .then(Mono.fromRunnable(this::remove).subscribeOn(host.files())).then().onErrorResume(e -> {
                    log.error("workspace {} can't be closed, the next start will remove it", jobKey, e);
                    return Mono.empty();
                }).doOnTerminate(() -> closed.accept(this)).cache();
    }

    /** Makes the folder and its record; blocks. */
    static ProcessWorkspace make(Host host, String jobKey, Consumer<ProcessWorkspace> closed) {
        JobKeys.requireSafe(jobKey);
        String failed = "cannot make the workspace " + host.workDir().resolve(jobKey);
        try {
            Path workDir = WorkDir.make(host.workDir());
            host.records().make();
            host.records().begin(jobKey);
            try {
                Files.createDirectory(workDir.resolve(jobKey), WorkspaceFiles.PRIVATE_FOLDER);
            } catch (IOException e) {
                host.records().end(jobKey);
                throw e;
            }
            return new ProcessWorkspace(host, jobKey, workDir.resolve(jobKey), closed);
        } catch (IOException e) {
            throw WorkspaceFiles.failure(failed, e);
        }
    }

    @Override
    public String pathOf(String relative) {
        return files.locate(relative).toString();
    }

    @Override
    public Flux<CommandEvent> run(Command command) {
        // the pump emits only what is demanded: anything in excess is a fault of ours and shall be seen
        return Flux.create(sink -> begin(command, sink), FluxSink.OverflowStrategy.ERROR);
    }

    private void begin(Command command, FluxSink<CommandEvent> sink) {
        String id = jobKey + "." + commands.incrementAndGet();
        CommandRun run = new CommandRun(host, files, jobKey, id, command, sink, runs::remove);
        runs.add(run);
        Stop asked = stopped;
        if (asked != null) {
            run.stop(asked);
        }
        run.begin();
    }

    @Override
    public Mono<Void> write(String relative, byte[] content) {
        return Mono.<Void>fromRunnable(() -> files.write(relative, content)).subscribeOn(host.files());
    }

    @Override
    public Mono<Void> folder(String relative) {
        return Mono.<Void>fromRunnable(() -> files.folder(relative)).subscribeOn(host.files());
    }

    @Override
    public Mono<byte[]> read(String relative, int maxBytes) {
        return Mono.fromCallable(() -> files.read(relative, maxBytes)).subscribeOn(host.files());
    }

    @Override
    public Mono<Path> localFile(String relative) {
        return Mono.fromCallable(() -> files.regularFile(relative)).subscribeOn(host.files());
    }

    @Override
    public Flux<Entry> list(String folder) {
        return Flux.<Entry, FolderWalk>generate(() -> files.walk(folder, MOST_ENTRIES), (walk, sink) -> {
            Entry next = walk.next();
            if (next == null) {
                sink.complete();
            } else {
                sink.next(next);
            }
            return walk;
        }).subscribeOn(host.files());
    }

    @Override
    public Mono<Void> place(String relative, Path local) {
        return Mono.<Void>fromRunnable(() -> files.place(relative, local)).subscribeOn(host.files());
    }

    @Override
    public Mono<Void> wipe(String relative) {
        return Mono.<Void>fromRunnable(() -> files.wipe(relative)).subscribeOn(host.files());
    }

    @Override
    public Mono<Usage> usage() {
        return ProcTable.PRESENT
                ? Mono.fromCallable(() -> runs.stream().map(CommandRun::usage).reduce(Usage.NONE, Usage::plus))
                        .subscribeOn(host.files())
                : Mono.empty();
    }

    @Override
    public Mono<Void> stop(Stop how) {
        return Mono.defer(() -> {
            stopped = how;
            List<CommandRun> now = List.copyOf(runs);
            now.forEach(run -> run.stop(how));
            return Mono.whenDelayError(now.stream().map(CommandRun::dead).toList());
        });
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            stopped = Stop.KILL;
            return end;
        });
    }

    /** KILL to all commands, here and now, waiting for no end. Blocks. */
    void abandon() {
        stopped = Stop.KILL;
        runs.forEach(CommandRun::killNow);
    }

    /** Removes a workspace that nobody got to see. Blocks. */
    void discard() {
        stopped = Stop.KILL;
        remove();
        closed.accept(this);
    }

    /** Once more and by the marker alone: a command with leave to do so may have moved itself out of its group. */
    private Mono<Void> sweep() {
        return commands.get() == 0 ? Mono.empty() : host.sweeps().of(files.root().toString(), since);
    }

    private void remove() {
        if (TreeRemoval.remove(files.root())) {
            host.records().end(jobKey);
        }
    }
}
