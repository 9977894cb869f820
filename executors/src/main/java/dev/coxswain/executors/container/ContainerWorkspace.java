package dev.coxswain.executors.container;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import dev.coxswain.executors.exec.ExecFrame;
import dev.coxswain.executors.files.FolderWalk;
import dev.coxswain.executors.files.WorkspaceFiles;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.node.ObjectNode;

/** A folder of this host, and the container that sees it and nothing else of the host. */
final class ContainerWorkspace implements Workspace {
    private static final Logger log = LoggerFactory.getLogger(ContainerWorkspace.class);
    private static final Duration LOOKED_WITHIN = Duration.ofSeconds(60);

    private final JobContainer container;
    private final ExecForms forms;
    private final JobFolders.Of folders;
    private final WorkspaceFiles files;
    private final String jobKey;
    private final boolean memoryLimit;
    private final Scheduler disk;
    private final Scheduler timer;
    private final AtomicInteger running;
    private final Set<ContainerCommand> runs = ConcurrentHashMap.newKeySet();
    private final AtomicInteger commands = new AtomicInteger();
    private final AtomicLong memoryKills = new AtomicLong();
    private final Consumer<ContainerWorkspace> closed;
    private final Mono<Void> end;
    private volatile @Nullable Stop stopped;

    /**
     * @param owner whose its files are
     * @param disk reads and writes files
     * @param running counts commands
     * @param closed told at the end
     */
    ContainerWorkspace(JobContainer container, ExecForms forms, JobFolders.Of folders, WorkspaceFiles.Owner owner,
            String jobKey, boolean memoryLimit, Scheduler disk, Scheduler timer, AtomicInteger running,
            Consumer<ContainerWorkspace> closed) {
        this.container = container;
        this.forms = forms;
        this.folders = folders;
        this.files = new WorkspaceFiles(folders.root(), owner);
        this.jobKey = jobKey;
        this.memoryLimit = memoryLimit;
        this.disk = disk;
        this.timer = timer;
        this.running = running;
        this.closed = closed;
        // cached, so that it runs once and to its end, whoever waits for it or stops waiting
        this.end = Mono.defer(() -> stop(Stop.KILL))
                .then(Mono.fromRunnable(folders::remove).subscribeOn(disk)).then()
                .onErrorResume(e -> {
                    log.error("the container of job {} stays, and its folder; the next start removes them: {}", jobKey,
                            EngineTrouble.message(e));
                    return Mono.empty();
                }).doOnTerminate(() -> closed.accept(this)).cache();
    }

    JobContainer container() {
        return container;
    }

    boolean hasMemoryLimit() {
        return memoryLimit;
    }

    /** What the engine is asked to run for a command. */
    Mono<ObjectNode> order(String id, Command command) {
        return Mono.fromCallable(() -> {
            if (runs.size() > 1) {
                folders.mark(CommandPrograms.SHARED);
            }
            return forms.run(id, command, files.directory(command.directory()));
        }).subscribeOn(disk);
    }

    /** Signals a command; emits 0 when that worked. Cold. */
    Mono<Integer> signal(String id, Stop how) {
        String program = switch (how) {
            case TERM -> CommandPrograms.TERM;
            case KILL -> CommandPrograms.KILL;
        };
        return Mono.fromRunnable(() -> folders.mark(id + "." + how)).subscribeOn(disk)
                .thenMany(Flux.defer(() -> container.exec(forms.own(id, program))))
                .ofType(ExecFrame.Exit.class).map(ExecFrame.Exit::code).last(-1);
    }

    /** Ends what a command left; emits whether something was killed for want of memory since that was last asked. */
    Mono<Boolean> lookAfter(String id) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        return container.exec(forms.own(id, CommandPrograms.AFTER)).doOnNext(frame -> {
            if (frame instanceof ExecFrame.Output output && said.size() < 1024) {
                said.writeBytes(output.bytes());
            }
        }).then(Mono.fromSupplier(() -> {
            long kills = ContainerCommand.number(said.toByteArray());
            return kills > memoryKills.getAndSet(kills);
        })).timeout(LOOKED_WITHIN, timer);
    }

    @Override
    public String pathOf(String relative) {
        return files.locate(relative).toString();
    }

    @Override
    public Flux<CommandEvent> run(Command command) {
        return Flux.defer(() -> {
            String id = String.format(Locale.ROOT, "%s.%06d", jobKey, commands.incrementAndGet());
            ContainerCommand run = new ContainerCommand(this, id, command, timer, this::forget);
            running.incrementAndGet();
            runs.add(run);
            // after it is in the list: a stop either finds it there or is seen here
            if (stopped != null) {
                forget(run);
                return Flux.error(new WorkspaceException(JobContainer.STOPPED));
            }
            return run.events();
        });
    }

    private void forget(ContainerCommand run) {
        if (runs.remove(run)) {
            running.decrementAndGet();
        }
    }

    @Override
    public Mono<Void> write(String relative, byte[] content) {
        return Mono.<Void>fromRunnable(() -> files.write(relative, content)).subscribeOn(disk);
    }

    @Override
    public Mono<Void> folder(String relative) {
        return Mono.<Void>fromRunnable(() -> files.folder(relative)).subscribeOn(disk);
    }

    @Override
    public Mono<byte[]> read(String relative, int maxBytes) {
        return Mono.fromCallable(() -> files.read(relative, maxBytes)).subscribeOn(disk);
    }

    @Override
    public Mono<Path> localFile(String relative) {
        return Mono.fromCallable(() -> files.regularFile(relative)).subscribeOn(disk);
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
        }).subscribeOn(disk);
    }

    @Override
    public Mono<Void> place(String relative, Path local) {
        return Mono.<Void>fromRunnable(() -> files.place(relative, local)).subscribeOn(disk);
    }

    @Override
    public Mono<Void> wipe(String relative) {
        return Mono.<Void>fromRunnable(() -> files.wipe(relative)).subscribeOn(disk);
    }

    @Override
    public Mono<Void> stop(Stop how) {
        return Mono.defer(() -> {
            stopped = how;
            List<ContainerCommand> now = List.copyOf(runs);
            return switch (how) {
                case TERM -> {
                    now.forEach(run -> run.stop(Stop.TERM));
                    yield Mono.whenDelayError(now.stream().map(ContainerCommand::dead).toList());
                }
                // all at once and for good: no command starts here any more
                case KILL -> {
                    now.forEach(ContainerCommand::doomed);
                    yield container.destroy().doOnTerminate(() -> now.forEach(ContainerCommand::over));
                }
            };
        });
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            stopped = Stop.KILL;
            return end;
        });
    }

    /** Removes a workspace that nobody got to see. Blocks. */
    void discard() {
        stopped = Stop.KILL;
        folders.remove();
        closed.accept(this);
    }
}
