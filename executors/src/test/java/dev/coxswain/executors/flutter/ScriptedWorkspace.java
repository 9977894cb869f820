package dev.coxswain.executors.flutter;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A workspace whose files are in memory, and whose commands end well unless the test says otherwise. */
final class ScriptedWorkspace implements Workspace {
    static final Flux<CommandEvent> WELL = Flux.just(new CommandEvent.Started(1), new CommandEvent.Exited(0, false));

    final Map<String, byte[]> files = new TreeMap<>();
    final List<Entry> listed = new ArrayList<>();
    final List<Command> commands = new ArrayList<>();
    /** What a command of the repository does; by its text. */
    final Map<String, Function<Command, Flux<CommandEvent>>> programs = new ConcurrentHashMap<>();

    ScriptedWorkspace file(String path, String text) {
        files.put("checkout/" + path, text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Text of the shell commands that were run, in order. */
    List<String> scripts() {
        return commands.stream().map(Command::argv).filter(argv -> argv.getFirst().equals("/bin/sh"))
                .map(List::getLast).toList();
    }

    @Override
    public String pathOf(String relative) {
        return relative.isEmpty() ? "/ws" : "/ws/" + relative;
    }

    @Override
    public Flux<CommandEvent> run(Command command) {
        return Flux.defer(() -> {
            commands.add(command);
            files.putIfAbsent("checkout/.git/HEAD", new byte[0]);
            return programs.getOrDefault(command.argv().getLast(), each -> WELL).apply(command);
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
    public Mono<Path> localFile(String relative) {
        return Mono.fromCallable(() -> files.containsKey(relative) ? Path.of(pathOf(relative)) : null);
    }

    @Override
    public Flux<Entry> list(String folder) {
        return Flux.fromIterable(listed);
    }

    @Override
    public Mono<Void> place(String relative, Path local) {
        throw new AssertionError("a build places no file by itself");
    }

    @Override
    public Mono<Void> wipe(String relative) {
        throw new AssertionError("a build wipes nothing by itself");
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
