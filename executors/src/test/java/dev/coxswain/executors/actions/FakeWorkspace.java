package dev.coxswain.executors.actions;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A workspace whose files are in memory and whose commands do what the test says. */
final class FakeWorkspace implements Workspace {
    final Map<String, byte[]> files = new TreeMap<>();
    final List<Command> commands = new ArrayList<>();
    final List<String> wiped = new ArrayList<>();
    BiFunction<FakeWorkspace, Command, Flux<CommandEvent>> program = (workspace, command) -> exit(0);

    static Flux<CommandEvent> exit(int code) {
        return Flux.just(new CommandEvent.Started(1), new CommandEvent.Exited(code, false));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    FakeWorkspace file(String path, String text) {
        files.put(path, bytes(text));
        return this;
    }

    String text(String path) {
        byte[] content = files.get(path);
        return content == null ? "(no such file)" : new String(content, StandardCharsets.UTF_8);
    }

    @Override
    public String pathOf(String relative) {
        return relative.isEmpty() ? "/ws" : "/ws/" + relative;
    }

    @Override
    public Flux<CommandEvent> run(Command command) {
        return Flux.defer(() -> {
            commands.add(command);
            return program.apply(this, command);
        });
    }

    @Override
    public Mono<Void> write(String relative, byte[] content) {
        return Mono.fromRunnable(() -> files.put(relative, content));
    }

    @Override
    public Mono<byte[]> read(String relative, int maxBytes) {
        return Mono.fromCallable(() -> {
            byte[] content = files.get(relative);
            if (content != null && content.length > maxBytes) {
                throw new WorkspaceException(relative + " is longer than " + maxBytes + " bytes");
            }
            return content;
        });
    }

    @Override
    public Mono<Void> wipe(String relative) {
        return Mono.fromRunnable(() -> wiped.add(relative));
    }

    @Override
    public Mono<Path> localFile(String relative) {
        throw new AssertionError("nobody here asks for local files");
    }

    @Override
    public Flux<Entry> list(String folder) {
        throw new AssertionError("nobody here lists anything");
    }

    @Override
    public Mono<Void> place(String relative, Path local) {
        throw new AssertionError("nobody here places anything");
    }

    @Override
    public Mono<Void> stop(Stop how) {
        throw new AssertionError("stopping is the owner's business");
    }

    @Override
    public Mono<Void> close() {
        throw new AssertionError("closing is the owner's business");
    }
}
