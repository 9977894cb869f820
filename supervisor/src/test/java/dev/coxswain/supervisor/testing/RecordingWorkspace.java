package dev.coxswain.supervisor.testing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.Workspace;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** A workspace without processes: a TERM takes three seconds, a KILL none. */
public final class RecordingWorkspace implements Workspace {
    public final List<Stop> stops = new ArrayList<>();
    private final Scheduler time;
    public Function<String, Mono<Path>> file = relative -> Mono.empty();
    public Mono<Void> closing = Mono.empty();
    public boolean killed;
    public int closed;

    public RecordingWorkspace(Scheduler time) {
        this.time = time;
    }

    @Override
    public String pathOf(String relative) {
        return "/workspace/" + relative;
    }

    @Override
    public Flux<CommandEvent> run(Command command) {
        return Flux.never();
    }

    @Override
    public Mono<Void> write(String relative, byte[] content) {
        return Mono.empty();
    }

    @Override
    public Mono<byte[]> read(String relative, int maxBytes) {
        return Mono.empty();
    }

    @Override
    public Mono<Path> localFile(String relative) {
        return file.apply(relative);
    }

    @Override
    public Flux<Entry> list(String folder) {
        return Flux.empty();
    }

    @Override
    public Mono<Void> place(String relative, Path local) {
        return Mono.empty();
    }

    @Override
    public Mono<Void> wipe(String relative) {
        return Mono.empty();
    }

    @Override
    public Mono<Void> stop(Stop how) {
        return Mono.defer(() -> {
            stops.add(how);
            return switch (how) {
                case TERM -> Mono.delay(Duration.ofSeconds(3), time).then();
                case KILL -> Mono.empty();
            };
        });
    }

    @Override
    public Mono<Void> close() {
        return Mono.<Void>fromRunnable(() -> closed++).then(closing);
    }
}
