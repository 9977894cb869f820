package dev.coxswain.supervisor.bench;

import java.nio.file.Path;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.Executor;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** An executor without processes and folders, so that only what surrounds a job is measured. */
final class NoExecutor implements Executor {
    private static final Workspace NOWHERE = new Nowhere();

    @Override
    public String kind() {
        return "process";
    }

    @Override
    public Mono<Workspace> open(String jobKey) {
        return Mono.just(NOWHERE);
    }

    @Override
    public Mono<Reaped> reap() {
        return Mono.just(new Reaped(0, 0));
    }

    /** Holds nothing and runs nothing. */
    private static final class Nowhere implements Workspace {
        @Override
        public String pathOf(String relative) {
            return "/nowhere/" + relative;
        }

        @Override
        public Flux<CommandEvent> run(Command command) {
            return Flux.error(new WorkspaceException("nothing can be run here"));
        }

        @Override
        public Mono<Void> write(String relative, byte[] content) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> folder(String relative) {
            return Mono.empty();
        }

        @Override
        public Mono<byte[]> read(String relative, int maxBytes) {
            return Mono.empty();
        }

        @Override
        public Mono<Path> localFile(String relative) {
            return Mono.empty();
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
            return Mono.empty();
        }

        @Override
        public Mono<Void> close() {
            return Mono.empty();
        }
    }
}
