package dev.coxswain.executors.responses;

import java.nio.file.Path;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.Workspace;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A workspace that nobody may touch: a model workload has nothing to do there. */
final class NoWorkspace implements Workspace {
    @Override
    public String pathOf(String relative) {
        throw new AssertionError("the workspace was touched");
    }

    @Override
    public Flux<CommandEvent> run(Command command) {
        throw new AssertionError("the workspace was touched");
    }

    @Override
    public Mono<Void> write(String relative, byte[] content) {
        throw new AssertionError("the workspace was touched");
    }

    @Override
    public Mono<byte[]> read(String relative, int maxBytes) {
        throw new AssertionError("the workspace was touched");
    }

    @Override
    public Mono<Path> localFile(String relative) {
        throw new AssertionError("the workspace was touched");
    }

    @Override
    public Flux<Entry> list(String folder) {
        throw new AssertionError("the workspace was touched");
    }

    @Override
    public Mono<Void> place(String relative, Path local) {
        throw new AssertionError("the workspace was touched");
    }

    @Override
    public Mono<Void> wipe(String relative) {
        throw new AssertionError("the workspace was touched");
    }

    @Override
    public Mono<Void> stop(Stop how) {
        throw new AssertionError("the workspace was touched");
    }

    @Override
    public Mono<Void> close() {
        throw new AssertionError("the workspace was touched");
    }
}
