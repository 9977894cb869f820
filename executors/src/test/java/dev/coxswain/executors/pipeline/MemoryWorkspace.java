package dev.coxswain.executors.pipeline;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A workspace whose files are in memory and whose commands do what the test says. */
final class MemoryWorkspace implements Workspace {
    final Map<String, byte[]> files = new TreeMap<>();
    final List<Command> commands = new ArrayList<>();
    private final Function<MemoryWorkspace, Flux<CommandEvent>> program;

    /** @param program what the command does, called when it is started */
    MemoryWorkspace(Function<MemoryWorkspace, Flux<CommandEvent>> program) {
        this.program = program;
    }

    /** A command that leaves {@code result} and ends well. */
    static MemoryWorkspace leaving(byte[] result) {
        return new MemoryWorkspace(workspace -> {
            workspace.files.put("output/result.json", result);
            return Flux.just(new CommandEvent.Started(1), new CommandEvent.Exited(0, false));
        });
    }

    static MemoryWorkspace leaving(String result) {
        return leaving(result.getBytes(StandardCharsets.UTF_8));
    }

    /** A command that writes {@code stderr} in these pieces and ends with {@code code}. */
    static MemoryWorkspace failing(int code, byte[]... stderr) {
        return new MemoryWorkspace(workspace -> Flux.concat(Flux.just(new CommandEvent.Started(1)),
                Flux.fromArray(stderr).map(bytes -> new CommandEvent.Output(CommandEvent.Stream.STDERR, bytes)),
                Flux.just(new CommandEvent.Exited(code, false))));
    }

    String text(String relative) {
        byte[] content = files.get(relative);
        return content == null ? "(no such file)" : new String(content, StandardCharsets.UTF_8);
    }

    @Override
    public String pathOf(String relative) {
        return relative.isEmpty() ? "/ws/job" : "/ws/job/" + relative;
    }

    @Override
    public Flux<CommandEvent> run(Command command) {
        return Flux.defer(() -> {
            commands.add(command);
            return program.apply(this);
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
        return Mono.error(new AssertionError("a pipeline streams no file"));
    }

    @Override
    public Flux<Entry> list(String folder) {
        throw new AssertionError("a pipeline has no such wish");
    }

    @Override
    public Mono<Void> place(String relative, Path local) {
        throw new AssertionError("a pipeline has no such wish");
    }

    @Override
    public Mono<Void> wipe(String relative) {
        throw new AssertionError("a pipeline has no such wish");
    }

    @Override
    public Mono<Void> stop(Stop how) {
        return Mono.error(new AssertionError("stopping is the owner's business"));
    }

    @Override
    public Mono<Void> close() {
        return Mono.error(new AssertionError("closing is the owner's business"));
    }
}
