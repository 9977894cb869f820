package dev.coxswain.supervisor.controlplane;

import java.util.List;

import reactor.core.publisher.Mono;

/** Gives out signed URLs for the artifacts of one lease. */
public interface ArtifactSigner {
    /**
     * Signs uploads, in the order asked, in as many calls as the protocol's limit needs. An empty list makes no call.
     * Fails with a {@link ControlPlaneException}; an answer that can't be matched to the request without guessing is
     * {@link ControlPlaneException.Garbled}.
     */
    Mono<List<SignedUpload>> sign(List<Artifact> artifacts);

    /** Whether nothing may be sent for this lease any more, to the store neither; asked before each request to it. */
    default boolean isOver() {
        return false;
    }
}
