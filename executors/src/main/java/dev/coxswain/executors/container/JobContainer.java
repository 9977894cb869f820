package dev.coxswain.executors.container;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.WorkspaceException;
import dev.coxswain.executors.exec.ExecFrame;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;
import tools.jackson.databind.node.ObjectNode;

/**
 * The container of one job, from the first command to the end. Making it is never broken off in the middle, so it is always
 * known whether there is one to remove.
 */
final class JobContainer {
    static final String STOPPED = "the command was stopped before it started";

    private static final int REMOVE_TRIES = 3;
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final Engine engine;
    private final ContainerConfig config;
    private final String name;
    private final ObjectNode form;
    private final Scheduler timer;
    private final Sinks.Empty<Void> halted = Sinks.empty();
    private final Mono<Void> ready;
    private final Mono<Void> gone;

    private boolean wanted;
    private boolean halting;
    private boolean asked;

    /** @param form what it is made of */
    JobContainer(Engine engine, ContainerConfig config, String name, ObjectNode form, Scheduler timer) {
        this.engine = engine;
        this.config = config;
        this.name = name;
        this.form = form;
        this.timer = timer;
        // cached, so that each happens once and to its end, whoever waits for it or stops waiting
        this.ready = Mono.defer(this::make).cache();
        this.gone = Mono.defer(this::remove).cache();
    }

    String name() {
        return name;
    }

    /** Completes when commands can run in it; makes it when it is not there. */
    Mono<Void> ready() {
        return ready;
    }

    private Mono<Void> make() {
        synchronized (this) {
            if (halting) {
                return Mono.error(new WorkspaceException(STOPPED));
            }
            wanted = true;
        }
        return image().takeUntilOther(halted.asMono()).then(Mono.defer(() -> {
            synchronized (this) {
                if (halting) {
                    return Mono.error(new WorkspaceException(STOPPED));
                }
                asked = true;
            }
            return engine.create(name, form).then(engine.start(name))
                    .onErrorMap(e -> told("cannot make the container " + name + " of the image " + config.image(), e));
        }));
    }

    private Mono<Void> image() {
        String image = config.image();
        return engine.hasImage(image).onErrorMap(e -> told("cannot look for the image " + image, e))
                .flatMap(there -> {
                    if (there) {
                        return Mono.<Void>empty();
                    }
                    return switch (config.pull()) {
                        case NEVER -> Mono.<Void>error(new WorkspaceException("the image " + image
                                + " is not there, and the executor may not pull it: run podman pull " + image
                                + " (or docker), or set its key pull to missing"));
                        case MISSING -> engine.pull(image, config.readyWithin())
                                .onErrorMap(e -> told("cannot pull the image " + image, late(image, e)));
                    };
                });
    }

    private Throwable late(String image, Throwable e) {
        return e instanceof TimeoutException
                ? new WorkspaceException("the image " + image + " is not pulled after "
                        + config.readyWithin().toSeconds() + " s; pull it beforehand, or give it more time with the "
                        + "executor's key readyWithin", e)
                : e;
    }

    /** Runs a program in it. */
    Flux<ExecFrame> exec(ObjectNode program) {
        return engine.exec(name, program);
    }

    /** Why it does not run any more; empty when it runs, or may do so. */
    Mono<Ended> ended() {
        return engine.state(name)
                .map(state -> new Ended(state.running(), state.outOfMemory(), "it ended with exit code "
                        + state.exitCode()))
                .defaultIfEmpty(new Ended(false, false, "it was removed"))
                .filter(state -> !state.running());
    }

    /** How a container ended. */
    record Ended(boolean running, boolean outOfMemory, String why) {}

    /** Kills all that is in it, and removes it; completes when it is gone. None is made any more. */
    Mono<Void> destroy() {
        return gone;
    }

    private Mono<Void> remove() {
        boolean begun;
        synchronized (this) {
            halting = true;
            begun = wanted;
        }
        halted.tryEmitEmpty();
        if (!begun) {
            return Mono.empty();
        }
        return ready.onErrorComplete().then(Mono.defer(() -> wasAsked() ? forget() : Mono.empty()));
    }

    private Mono<Void> forget() {
        // an engine that is away for a moment must not leave a container behind
        return engine.remove(name).retryWhen(Retry.backoff(REMOVE_TRIES, LOOK_AGAIN).scheduler(timer)
                .onRetryExhaustedThrow((spec, signal) -> signal.failure()))
                .onErrorMap(e -> told("cannot remove the container " + name, e));
    }

    /** Kills it and removes it now, whatever else is under way; empty when there is none. */
    @Nullable
    Mono<Void> abandoned() {
        synchronized (this) {
            halting = true;
        }
        halted.tryEmitEmpty();
        return wasAsked() ? engine.remove(name) : null;
    }

    private synchronized boolean wasAsked() {
        return asked;
    }

    WorkspaceException told(String what, Throwable e) {
        return EngineTrouble.told(what, engine.socket(), e);
    }
}
