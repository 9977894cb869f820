package dev.coxswain.supervisor.upload;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ArtifactRequest;
import dev.coxswain.supervisor.controlplane.ArtifactSigner;
import dev.coxswain.supervisor.controlplane.InvalidResultException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Uploads the artifacts of jobs; one for the whole JVM, since it holds the bound on parallel uploads. */
public interface ArtifactUploads {
    /**
     * Measures the files that a result names, before anything is signed. Fails with an {@link InvalidResultException}
     * whose message the job's owner understands (missing, empty, too large), or with what {@code localFile} fails with.
     *
     * @param localFile finds the local file of a {@link ArtifactRequest#file()}; empty when there is none
     */
    Mono<List<Artifact>> prepare(List<ArtifactRequest> requests, Function<String, Mono<Path>> localFile);

    /**
     * Signs and uploads. Cold; completes when everything is stored; the first final failure cancels the rest and fails it
     * with an {@link UploadException}, or with what the signer failed with. Stops by itself when the signer says that the
     * lease is over. Cancelling aborts the transfers at once.
     */
    Flux<UploadEvent> upload(String controlPlane, ArtifactSigner signer, List<Artifact> artifacts);
}
