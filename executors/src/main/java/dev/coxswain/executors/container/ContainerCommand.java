package dev.coxswain.executors.container;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.Workspace.Stop;
import dev.coxswain.executors.WorkspaceException;
import dev.coxswain.executors.exec.Beginning;
import dev.coxswain.executors.exec.ExecFrame;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * The life of one command in a container: an exec that starts it and passes its output on, and for each stop another one,
 * which signals it whether anybody reads its output or not.
 */
final class ContainerCommand {
    private static final Logger log = LoggerFactory.getLogger(ContainerCommand.class);
    /** Then the container goes, and with it all that is in it. */
    private static final Duration KILLED_WITHIN = Duration.ofSeconds(10);
    private static final int KILLED = 137;
    private static final int SIGNALS = 128;

    private final ContainerWorkspace workspace;
    private final String id;
    private final Command command;
    private final Scheduler timer;
    private final Consumer<ContainerCommand> forget;
    private final Beginning beginning = new Beginning("the container");
    private final Sinks.Empty<Void> stopping = Sinks.empty();
    private final Sinks.Empty<Void> dead = Sinks.empty();
    private final Disposable.Composite owned = Disposables.composite();

    private @Nullable Stop requested;
    private boolean begun;
    private volatile boolean timedOut;

    /**
     * @param id the name of this command in its workspace
     * @param forget told when it is over
     */
    ContainerCommand(ContainerWorkspace workspace, String id, Command command, Scheduler timer,
            Consumer<ContainerCommand> forget) {
        this.workspace = workspace;
        this.id = id;
        this.command = command;
        this.timer = timer;
        this.forget = forget;
    }

    String id() {
        return id;
    }

    /** Runs it; for one subscriber. */
    Flux<CommandEvent> events() {
        JobContainer container = workspace.container();
        return container.ready().takeUntilOther(stopping.asMono())
                .then(Mono.defer(() -> mayBegin()
                        ? workspace.order(id, command)
                        : Mono.error(new WorkspaceException(JobContainer.STOPPED))))
                .flatMapMany(container::exec)
                .concatMap(this::events, 1)
                .onErrorResume(e -> e instanceof WorkspaceException ? Mono.error(e) : lost(e))
                .doOnCancel(this::cancelled).doOnTerminate(this::over);
    }

    private Publisher<CommandEvent> events(ExecFrame frame) {
        return switch (frame) {
            case ExecFrame.Output output ->
                Flux.fromIterable(beginning.take(output, this::refused, this::running));
            case ExecFrame.Exit(int code) -> beginning.isOver()
                    ? ended(code)
                    : Mono.error(beginning.endedEarly(command.argv().getFirst(), code));
        };
    }

    private WorkspaceException refused(String word) {
        String program = command.argv().getFirst();
        return new WorkspaceException(switch (word) {
            case "stopped" -> JobContainer.STOPPED;
            case "missing" -> "program not found: " + program + " (looked in the container's image)";
            case "forbidden" -> "the program is not executable: " + program;
            default -> "cannot start " + program + ": /bin/sh of the image does not answer as a POSIX shell does";
        });
    }

    private void running() {
        Duration limit = command.timeout();
        if (limit != null) {
            owned.add(timer.schedule(() -> {
                if (stop(Stop.TERM)) {
                    timedOut = true;
                }
            }, limit.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    /**
     * Our shell ends what the command left before it ends itself. Where a signal ended the shell, or the kernel may have
     * killed something for want of memory, that is looked after once more.
     */
    private Mono<CommandEvent> ended(int code) {
        if (requested() == Stop.KILL || (code <= SIGNALS && (code == 0 || !workspace.hasMemoryLimit()))) {
            return Mono.just(new CommandEvent.Exited(code, timedOut));
        }
        return workspace.lookAfter(id).map(outOfMemory -> (CommandEvent) new CommandEvent.Exited(code, timedOut,
                outOfMemory));
    }

    /** The exec is over without a word of its end: nothing of the command is alive when this ends. */
    private Mono<CommandEvent> lost(Throwable why) {
        JobContainer container = workspace.container();
        if (requested() == Stop.KILL) {
            return container.destroy().thenReturn(new CommandEvent.Exited(KILLED, timedOut));
        }
        String said = command.argv().getFirst() + (beginning.isOver() ? " was running" : " was being started")
                + ", and it is not known what became of it";
        return container.ended().onErrorResume(e -> Mono.empty())
                .flatMap(end -> end.outOfMemory() && beginning.isOver()
                        ? Mono.<CommandEvent>just(new CommandEvent.Exited(KILLED, timedOut, true))
                        : Mono.<CommandEvent>error(new WorkspaceException(
                                said + ": the container " + container.name() + " does not run: " + end.why(), why)))
                .switchIfEmpty(
                        Mono.defer(() -> !beginning.isOver() && why instanceof EngineException e && e.status() > 0
                                ? Mono.error(container.told("cannot start " + command.argv().getFirst(), why))
                                : container.destroy().onErrorComplete()
                                        .then(Mono.error(container.told(said, why)))));
    }

    private synchronized @Nullable Stop requested() {
        return requested;
    }

    /** From then on a stop has something to signal. */
    private synchronized boolean mayBegin() {
        begun = requested == null;
        return begun;
    }

    /** Completes when nothing of this command is alive. */
    Mono<Void> dead() {
        return dead.asMono();
    }

    private void cancelled() {
        stop(Stop.KILL);
        synchronized (this) {
            if (begun) {
                return;
            }
        }
        over();
    }

    /** The container goes: there is nothing to be stopped any more but what waits for its start. */
    void doomed() {
        synchronized (this) {
            requested = Stop.KILL;
            stopping.tryEmitEmpty();
        }
    }

    /** Stops it, at whatever point of its life; a KILL overtakes a TERM. False when it is being stopped already. */
    boolean stop(Stop how) {
        synchronized (this) {
            if (requested == how || requested == Stop.KILL) {
                return false;
            }
            requested = how;
            if (!begun) {
                stopping.tryEmitEmpty();
                return true;
            }
        }
        Mono<Integer> signal = workspace.signal(id, how);
        switch (how) {
            case TERM -> {
                owned.add(signal.subscribe(code -> {}, e -> log.debug("command {} was not told to end: {}", id,
                        e.toString())));
                owned.add(timer.schedule(() -> stop(Stop.KILL), command.grace().toMillis(), TimeUnit.MILLISECONDS));
            }
            case KILL -> owned.add(signal.timeout(KILLED_WITHIN, timer).onErrorResume(e -> {
                log.debug("command {} can't be killed in its container, which goes: {}", id, e.toString());
                return Mono.just(-1);
            }).flatMap(code -> code == 0 ? Mono.<Void>empty() : workspace.container().destroy()).subscribe(none -> {},
                    this::unkillable, this::over));
        }
        return true;
    }

    private void unkillable(Throwable e) {
        log.error("command {} may still run: {}", id, EngineTrouble.message(e));
        over();
    }

    /** Nothing of it is alive, as far as that can be known. */
    void over() {
        forget.accept(this);
        dead.tryEmitEmpty();
        owned.dispose();
    }

    /** The first number of a text; 0 when there is none. */
    static long number(byte[] text) {
        String line = new String(text, StandardCharsets.US_ASCII).strip().lines().findFirst().orElse("");
        return line.matches("\\d{1,18}") ? Long.parseLong(line) : 0;
    }
}
