package dev.coxswain.supervisor.runner;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.Workspace;
import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ArtifactRequest;
import dev.coxswain.supervisor.controlplane.ArtifactSigner;
import dev.coxswain.supervisor.controlplane.InvalidResultException;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.SignedUpload;
import dev.coxswain.supervisor.upload.UploadEvent;
import reactor.core.publisher.Mono;

/** Turns what a workload left into the final report: plan, measure, sign, upload, compose. What a job left that failed is uploaded only. */
final class Shipping {
    private final RunnerServices services;
    private final HeldLease held;
    private final JobProgress progress;

    Shipping(RunnerServices services, HeldLease held, JobProgress progress) {
        this.services = services;
        this.held = held;
        this.progress = progress;
    }

    /**
     * Ships everything the result names. Fails with {@link InvalidResultException}, an upload's or a control plane's
     * exception; cancelling aborts the transfers.
     */
    Mono<Outcome.Complete> ship(JobResult.Succeeded result, Workspace workspace) {
        return uploaded(result.document(), result.filesRoot(), workspace).flatMap(references -> Mono
                .fromCallable(() -> held.lease().compose(result.document(), references)));
    }

    /** Uploads what the job left; fails and is cancelled as {@link #ship} is. */
    Mono<Void> keep(JobResult.Left left, Workspace workspace) {
        return uploaded(left.document(), left.filesRoot(), workspace).then();
    }

    private Mono<Map<String, String>> uploaded(String document, String root, Workspace workspace) {
        return Mono.fromCallable(() -> held.lease().plan(document))
                .flatMap(plan -> plan.isEmpty()
                        ? Mono.just(Map.<String, String>of())
                        : measure(plan, root, workspace).flatMap(this::upload));
    }

    private Mono<List<Artifact>> measure(List<ArtifactRequest> plan, String root, Workspace workspace) {
        progress.uploadsSince(services.clock().now(), plan.size());
        return services.uploads().prepare(plan, file -> workspace.localFile(root + "/" + file));
    }

    private Mono<Map<String, String>> upload(List<Artifact> artifacts) {
        return services.uploads().upload(services.controlPlane().name(), new GuardedSigner(), artifacts)
                .<Map<String, String>>collect(LinkedHashMap::new, this::note);
    }

    /** Signs only while the lease holds, and says so to whoever uploads. */
    private final class GuardedSigner implements ArtifactSigner {
        @Override
        public Mono<List<SignedUpload>> sign(List<Artifact> artifacts) {
            return held.guarded(held.lease().sign(artifacts));
        }

        @Override
        public int atOnce() {
            return held.lease().atOnce();
        }

        @Override
        public Mono<Void> stored(SignedUpload upload) {
            return held.guarded(held.lease().stored(upload));
        }

        @Override
        public Mono<Void> givenUp(SignedUpload upload, String reason) {
            return held.guarded(held.lease().givenUp(upload, reason));
        }

        @Override
        public boolean isPatient() {
            return held.lease().isPatient();
        }

        @Override
        public boolean isOver() {
            return held.isOver();
        }
    }

    private void note(Map<String, String> references, UploadEvent event) {
        switch (event) {
            case UploadEvent.Stored stored -> {
                references.put(stored.upload().artifact().path(), stored.upload().reference());
                progress.stored(references.size());
            }
            case UploadEvent.Progress moving -> {
                // shown by the meters; a job's view counts whole artifacts
            }
        }
    }
}
