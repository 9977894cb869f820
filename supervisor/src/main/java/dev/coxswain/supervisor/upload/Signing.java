package dev.coxswain.supervisor.upload;

import java.util.List;
import java.util.function.DoubleSupplier;

import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ArtifactSigner;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.SignedUpload;
import dev.coxswain.supervisor.http.RetryPolicy;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Asks a signer until it answers or it is pointless; what it says in the end passes through as it is. */
final class Signing {
    private final RetryPolicy policy;
    private final Scheduler timer;
    private final DoubleSupplier random;

    Signing(RetryPolicy policy, Scheduler timer, DoubleSupplier random) {
        this.policy = policy;
        this.timer = timer;
        this.random = random;
    }

    Mono<List<SignedUpload>> sign(ArtifactSigner signer, List<Artifact> artifacts) {
        return repeated(signer,
                Mono.defer(() -> signer.sign(artifacts)).flatMap(signed -> matching(signed, artifacts)));
    }

    /** Repeats a call of this signer while that may help. */
    <T> Mono<T> repeated(ArtifactSigner signer, Mono<T> call) {
        return call.retryWhen((signer.isPatient() ? policy.patient() : policy).on(ControlPlaneException.class,
                ControlPlaneException::mayPass,
                ControlPlaneException::retryAfter, timer, random));
    }

    /** Nothing is uploaded under a guessed pairing. */
    private static Mono<List<SignedUpload>> matching(List<SignedUpload> signed, List<Artifact> artifacts) {
        if (!signed.stream().map(SignedUpload::artifact).toList().equals(artifacts)) {
            return Mono.error(new ControlPlaneException.Garbled("the signed uploads are not those asked for", null));
        }
        return Mono.just(signed);
    }
}
