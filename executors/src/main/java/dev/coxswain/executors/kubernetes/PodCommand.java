package dev.coxswain.executors.kubernetes;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
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
 * The life of one command in a pod: an exec that starts it and passes its output on, and for each stop another one, which
 * signals it whether anybody reads its output or not.
 */
final class PodCommand {
    private static final Logger log = LoggerFactory.getLogger(PodCommand.class);
    /** The shell kills in rounds for half a minute; then the pod goes. */
    private static final Duration KILLED_WITHIN = Duration.ofSeconds(45);

    private final PodWorkspace workspace;
    private final String id;
    private final Command command;
    private final Scheduler timer;
    private final Consumer<PodCommand> forget;
    private final Beginning beginning = new Beginning("the pod");
    private final Sinks.Empty<Void> dead = Sinks.empty();
    private final Disposable.Composite owned = Disposables.composite();

    private @Nullable Stop requested;
    private volatile boolean timedOut;

    /**
     * @param id the name of this command in its workspace
     * @param forget told when it is over
     */
    PodCommand(PodWorkspace workspace, String id, Command command, Scheduler timer, Consumer<PodCommand> forget) {
        this.workspace = workspace;
        this.id = id;
        this.command = command;
        this.timer = timer;
        this.forget = forget;
    }

    /** Runs it; for one subscriber. */
    Flux<CommandEvent> events() {
        String program = CommandPrograms.run(command, workspace.paths(), workspace.marks(), id);
        return workspace.exec(program)
                .concatMapIterable(this::events, 1)
                .takeUntilOther(workspace.ended())
                .onErrorResume(e -> e instanceof ExecBrokenException
                        ? workspace.lost(command.argv().getFirst(), beginning.isOver(), e)
                        : Mono.error(e))
                .doOnCancel(() -> stop(Stop.KILL)).doOnTerminate(this::over);
    }

    private List<CommandEvent> events(ExecFrame frame) {
        return switch (frame) {
            case ExecFrame.Output output -> beginning.take(output, this::refused, this::begun);
            case ExecFrame.Exit(int code) -> {
                if (!beginning.isOver()) {
                    throw beginning.endedEarly(command.argv().getFirst(), code);
                }
                yield List.of(new CommandEvent.Exited(code, timedOut));
            }
        };
    }

    private WorkspaceException refused(String word) {
        String program = command.argv().getFirst();
        return new WorkspaceException(switch (word) {
            case "stopped" -> PodWorkspace.STOPPED;
            case "missing" -> "program not found: " + program + " (looked in the image of the pod)";
            case "forbidden" -> "the program is not executable: " + program;
            case "nofolder" -> "no such folder: " + PodPaths.printable(command.directory());
            case "outside" -> "the path leaves the workspace through a symbolic link: "
                    + PodPaths.printable(command.directory());
            default -> "cannot start " + program + ": " + PodState.line(word);
        });
    }

    private void begun() {
        Duration limit = command.timeout();
        if (limit != null) {
            owned.add(timer.schedule(() -> {
                if (stop(Stop.TERM)) {
                    timedOut = true;
                }
            }, limit.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    /** Completes when nothing of this command is alive. */
    Mono<Void> dead() {
        return dead.asMono();
    }

    /** Stops it, at whatever point of its life; a KILL overtakes a TERM. False when it is being stopped already. */
    boolean stop(Stop how) {
        synchronized (this) {
            if (requested == how || requested == Stop.KILL) {
                return false;
            }
            requested = how;
        }
        String program = CommandPrograms.stop(workspace.paths(), workspace.marks(), id, how);
        Mono<Integer> signal = workspace.exec(program).ofType(ExecFrame.Exit.class).map(ExecFrame.Exit::code).last(
                new ExecFrame.Exit(-1).code());
        switch (how) {
            case TERM -> {
                owned.add(signal.subscribe(code -> {}, e -> log.warn("command {} was not told to end: {}", id,
                        e.toString())));
                owned.add(timer.schedule(() -> stop(Stop.KILL), command.grace().toMillis(), TimeUnit.MILLISECONDS));
            }
            case KILL -> owned.add(signal.timeout(KILLED_WITHIN, timer).onErrorResume(e -> {
                log.warn("command {} can't be killed in its pod: {}", id, e.toString());
                return Mono.just(-1);
            }).flatMap(code -> code == 0 ? Mono.empty() : workspace.destroy()).subscribe(none -> {}, e -> over(),
                    this::over));
        }
        return true;
    }

    /** Nothing of it is alive, as far as that can be known. */
    private void over() {
        forget.accept(this);
        dead.tryEmitEmpty();
        owned.dispose();
    }
}
