package dev.coxswain.executors.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.Limits;
import dev.coxswain.executors.Workspace.Stop;
import dev.coxswain.executors.Workspace.Usage;
import dev.coxswain.executors.WorkspaceException;
import dev.coxswain.executors.files.WorkspaceFiles;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The life of one command: waits for its start, runs, is stopped or ends, and is over when its whole tree is dead. */
final class CommandRun {
    private static final Logger log = LoggerFactory.getLogger(CommandRun.class);
    /** Only a process that hangs in the kernel outlives a KILL; nobody can wait for that for ever. */
    private static final Duration UNKILLABLE_AFTER = Duration.ofMinutes(1);

    private final Host host;
    private final WorkspaceFiles files;
    private final String jobKey;
    private final String id;
    private final Command command;
    private final OutputPump pump;
    private final Consumer<CommandRun> forget;
    private final Sinks.Empty<Void> dead = Sinks.empty();
    private final Disposable.Composite owned = Disposables.composite();

    private @Nullable ProcessTree tree;
    private @Nullable Stop requested;
    private volatile boolean timedOut;
    private volatile boolean tooLarge;
    private volatile @Nullable WorkspaceException failure;

    /**
     * @param id the name of this command among all of the executor
     * @param forget told when it is over
     */
    CommandRun(Host host, WorkspaceFiles files, String jobKey, String id, Command command,
            FluxSink<CommandEvent> sink, Consumer<CommandRun> forget) {
        this.host = host;
        this.files = files;
        this.jobKey = jobKey;
        this.id = id;
        this.command = command;
        this.forget = forget;
        this.pump = new OutputPump(sink, host.pipes().createWorker(), host.running()::get);
        sink.onRequest(n -> pump.signal());
        sink.onCancel(() -> {
            stop(Stop.KILL);
            pump.signal();
        });
    }

    /** Completes when nothing of this command is alive. */
    Mono<Void> dead() {
        return dead.asMono();
    }

    /** Asks for the start; it happens when one of the {@code parallelStarts} is free. */
    void begin() {
        try {
            host.starts().schedule(this::start);
        } catch (RejectedExecutionException e) {
            notStarted(new WorkspaceException("too many commands wait for their start", e));
        }
    }

    private void start() {
        if (requested() != null) {
            notStarted(new WorkspaceException("the command was stopped before it started"));
            return;
        }
        Cgroups groups = host.cgroups();
        CgroupLeaf leaf = groups == null ? null : groups.create(id);
        Path unjoined = host.records().unjoined(id);
        Limits limits = host.limits().and(command.limits());
        Set<Limits.Kind> held = groups == null || leaf == null ? Set.of() : leaf.hold(groups.held(), limits);
        Child child;
        try {
            child = host.launch().start(command, files, id, leaf, unjoined,
                    held.contains(Limits.Kind.CPU) ? 0 : Weight.niceness(limits.cpuMillis()));
        } catch (RuntimeException e) {
            if (leaf != null) {
                leaf.remove();
            }
            notStarted(e);
            return;
        }
        host.running().incrementAndGet();
        ProcTable.Stat stat = ProcTable.stat(child.pid());
        long startTicks = stat == null ? 0 : stat.start();
        record(new Records.Entry(child.pid(), startTicks, leaf == null ? null : leaf.path().toString()));
        ProcessTree all = new ProcessTree(child, startTicks, files.root().toString(), id, leaf, unjoined,
                host.launch().shutsIn());
        if (limits.memoryBytes() > 0 && !held.contains(Limits.Kind.MEMORY)) {
            owned.add(host.memory().add(all, limits.memoryBytes(), () -> {
                tooLarge = true;
                stop(Stop.KILL);
            }));
        }
        started(child, all);
    }

    private void record(Records.Entry entry) {
        try {
            host.records().add(jobKey, entry);
        } catch (WorkspaceException e) {
            failure = e;
            stop(Stop.KILL);
        }
    }

    private void started(Child child, ProcessTree started) {
        Stop early;
        synchronized (this) {
            tree = started;
            early = requested;
        }
        if (early != null) {
            carryOut(early, started);
        }
        Duration limit = command.timeout();
        if (limit != null) {
            owned.add(host.timer().schedule(() -> {
                if (child.alive() && stop(Stop.TERM)) {
                    timedOut = true;
                }
            }, limit.toMillis(), TimeUnit.MILLISECONDS));
        }
        pump.started(child);
        CompletableFuture<Void> ended = child.exit().thenAccept(code -> finish(code, started));
        owned.add(() -> ended.cancel(false));
    }

    private void notStarted(RuntimeException reason) {
        pump.failed(reason);
        forget.accept(this);
        dead.tryEmitEmpty();
    }

    private synchronized @Nullable Stop requested() {
        return requested;
    }

    /** Stops it, at whatever point of its life; a KILL overtakes a TERM. False when it is being stopped already. */
    boolean stop(Stop how) {
        ProcessTree running;
        synchronized (this) {
            if (requested == how || requested == Stop.KILL) {
                return false;
            }
            requested = how;
            running = tree;
        }
        if (running != null) {
            carryOut(how, running);
        }
        return true;
    }

    /** What it is and holds now. Blocks. */
    Usage usage() {
        ProcessTree running;
        synchronized (this) {
            running = tree;
        }
        return running == null ? Usage.NONE : running.usage(new ProcessLook());
    }

    /** KILL, on the caller's thread. Blocks. */
    void killNow() {
        ProcessTree running;
        synchronized (this) {
            requested = Stop.KILL;
            running = tree;
        }
        if (running != null) {
            running.kill();
        }
    }

    private void carryOut(Stop how, ProcessTree running) {
        switch (how) {
            case TERM -> {
                signal(running::terminate);
                owned.add(host.timer().schedule(() -> stop(Stop.KILL), command.grace().toMillis(),
                        TimeUnit.MILLISECONDS));
            }
            case KILL -> signal(running::kill);
        }
    }

    private void signal(Runnable action) {
        try {
            host.signals().schedule(action);
        } catch (RejectedExecutionException e) {
            log.warn("command {} can't be stopped, its executor is closed: {}", id, e.toString());
        }
    }

    /** The main process has ended: what it left behind is killed, in rounds until a round finds nothing. */
    private void finish(int code, ProcessTree leftovers) {
        try {
            host.signals().schedule(() -> sweep(code, leftovers));
        } catch (RejectedExecutionException e) {
            log.warn("what command {} left can't be stopped, its executor is closed: {}", id, e.toString());
            over(code, leftovers);
        }
    }

    private void sweep(int code, ProcessTree leftovers) {
        if (leftovers.kill() == 0) {
            bury(leftovers);
            over(code, leftovers);
            return;
        }
        owned.add(Mono.fromCallable(leftovers::kill).filter(found -> found == 0)
                .repeatWhenEmpty(rounds -> rounds.concatMap(this::pauseAfter))
                .timeout(UNKILLABLE_AFTER, host.timer()).then(Mono.fromRunnable(() -> bury(leftovers)))
                .delaySubscription(pauseAfter(0)).subscribe(none -> {}, e -> {
                    log.error("processes of command {} can't be killed, we go on without them: {}", id, e.toString());
                    over(code, leftovers);
                }, () -> over(code, leftovers)));
    }

    private Mono<Long> pauseAfter(long round) {
        Duration pause = Duration.ofMillis(Math.min(1L << Math.min(round, 10), 50));
        return Mono.delay(pause, host.timer()).publishOn(host.signals());
    }

    private void bury(ProcessTree leftovers) {
        leftovers.bury();
        Cgroups groups = host.cgroups();
        try {
            if (groups != null && Files.deleteIfExists(host.records().unjoined(id))) {
                groups.refused("a command could not join its group");
            }
        } catch (IOException e) {
            log.warn("cannot remove a mark of command {}: {}", id, e.toString());
        }
    }

    private void over(int code, ProcessTree dead) {
        host.running().decrementAndGet();
        WorkspaceException failed = failure;
        if (failed != null) {
            pump.failed(failed);
        } else {
            pump.exited(new CommandEvent.Exited(code, timedOut, tooLarge || dead.outOfMemory()));
        }
        forget.accept(this);
        this.dead.tryEmitEmpty();
        owned.dispose();
    }
}
