package dev.coxswain.supervisor.testing;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ArtifactRequest;
import dev.coxswain.supervisor.controlplane.ArtifactSigner;
import dev.coxswain.supervisor.upload.ArtifactUploads;
import dev.coxswain.supervisor.upload.UploadEvent;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** For jobs that leave no files. */
public final class NoUploads implements ArtifactUploads {
    @Override
    public Mono<List<Artifact>> prepare(List<ArtifactRequest> requests, Function<String, Mono<Path>> files) {
        return Mono.just(List.of());
    }

    @Override
    public Flux<UploadEvent> upload(String controlPlane, ArtifactSigner signer, List<Artifact> artifacts) {
        return Flux.empty();
    }
}
