package dev.coxswain.executors.function;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import reactor.core.publisher.Mono;

/** What must be in a workspace before its process starts. */
record Preparing(FunctionTools tools, Workspace workspace, CallChannel channel) {
    /**
     * The payload, which is standard input (later ones come by the channel), and for a process that is spoken to its program and
     * the socket. Fails with a {@link WorkspaceException}.
     */
    Mono<Void> of(FunctionJob job) {
        String payload = job.payload();
        Mono<Void> files = payload == null || job.kind() == FunctionJob.Kind.SERVICE
                ? Mono.empty()
                : workspace.write(Starts.PAYLOAD_FILE, payload.getBytes(StandardCharsets.UTF_8));
        return Starts.hasChannel(job)
                ? files.then(workspace.write(Starts.loader(job), Starts.loaderBytes(job))).then(listening())
                : files;
    }

    private Mono<Void> listening() {
        Path folder = Path.of(workspace.pathOf(Starts.FOLDER));
        return Mono.usingWhen(
                Mono.fromCallable(() -> SocketPath.of(folder, Starts.CHANNEL)).subscribeOn(tools.files()),
                path -> channel.listen(tools.sockets(), path.address()),
                path -> Mono.fromRunnable(path::unlink).subscribeOn(tools.files())).onErrorMap(IOException.class,
                        e -> new WorkspaceException("cannot make the channel of a process: " + e.getMessage(), e));
    }
}
