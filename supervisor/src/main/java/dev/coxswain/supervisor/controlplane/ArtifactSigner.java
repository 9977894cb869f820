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

    /** How many artifacts to sign in one call, where each of them holds something at the control plane; all by default. */
    default int atOnce() {
        return Integer.MAX_VALUE;
    }

    /**
     * Says that the store has this artifact; only then it counts as stored. Sends nothing by default. Called once for each
     * upload; each subscription is one attempt. Fails with a {@link ControlPlaneException} only.
     */
    default Mono<Void> stored(SignedUpload upload) {
        return Mono.empty();
    }

    /**
     * Gives back an upload that will not be tried again, before another one is asked for or the job fails. Sends nothing by
     * default. Each subscription is one attempt; that all of them fail changes nothing here.
     *
     * @param reason one line, no secret
     */
    default Mono<Void> givenUp(SignedUpload upload, String reason) {
        return Mono.empty();
    }

    /**
     * Whether an outage of the control plane costs this lease nothing but time, since nothing runs out meanwhile: then what
     * fails is tried for a quarter of an hour instead of a few seconds.
     */
    default boolean isPatient() {
        return false;
    }

    /** Whether nothing may be sent for this lease any more, to the store neither; asked before each request to it. */
    default boolean isOver() {
        return false;
    }
}
