package dev.coxswain.supervisor.runner;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ArtifactRequest;
import dev.coxswain.supervisor.controlplane.ArtifactSigner;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.SignedUpload;
import dev.coxswain.supervisor.upload.ArtifactUploads;
import dev.coxswain.supervisor.upload.UploadEvent;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Uploads that ask for every file, sign, and call all of them stored. */
final class TestArtifacts implements ArtifactUploads {
    static final ArtifactRequest REQUEST = new ArtifactRequest("a.mp4", "video/a.mp4", "video/mp4");
    static final String REFERENCE = "store://a";

    Runnable before = () -> {};
    /** What a transfer takes. */
    Mono<Void> transfer = Mono.empty();

    @Override
    public Mono<List<Artifact>> prepare(List<ArtifactRequest> requests, Function<String, Mono<Path>> files) {
        return Flux.fromIterable(requests).concatMap(request -> files.apply(request.file())
                .map(file -> new Artifact(request.path(), file, 7, "video/mp4"))).collectList();
    }

    @Override
    public Flux<UploadEvent> upload(String controlPlane, ArtifactSigner signer, List<Artifact> artifacts) {
        return Flux.fromIterable(artifacts).concatMap(artifact -> {
            before.run();
            SignedUpload signed = new SignedUpload(artifact, new Secret("https://store/a?sig"), Map.of(), null,
                    REFERENCE);
            return signer.sign(List.of(artifact)).then(transfer)
                    .thenMany(Flux.just(new UploadEvent.Progress(artifact.path(), 1, 7),
                            new UploadEvent.Stored(signed, 7, Duration.ZERO, Map.of())));
        });
    }
}
