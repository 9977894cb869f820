package dev.coxswain.supervisor.upload;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ArtifactRequest;
import dev.coxswain.supervisor.controlplane.ArtifactSigner;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.InvalidResultException;
import dev.coxswain.supervisor.controlplane.SignedUpload;
import dev.coxswain.supervisor.http.RetryPolicy;
import dev.coxswain.supervisor.metrics.FleetMeters;
import dev.coxswain.supervisor.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.client.HttpClient;

/** Uploads of all jobs of this JVM. Owns no thread and no connection: what is handed in is closed by its owner. */
public final class Uploads implements ArtifactUploads {
    private volatile UploadConfig config;
    private final Meters meters;
    private final Map<String, Counts> counts = new ConcurrentHashMap<>();
    private final Artifacts artifacts;
    private final Signing signing;
    private final Delivery delivery;
    private final Permits permits;

    /**
     * Uploads over {@code store}.
     *
     * @param store a client without credentials; its pool should have room for {@link UploadConfig#parallel()}
     *        connections to one host, since waiting in the pool counts as a stall
     * @param clock for time limits, and for the expiry of URLs
     * @param files where the disk may block; bounded
     * @param timer for pauses, progress and the watch
     * @param random uniform in [0, 1), for jitter
     */
    public Uploads(UploadConfig config, HttpClient store, Meters meters, FleetClock clock, Scheduler files,
            Scheduler timer, DoubleSupplier random) {
        this(config, store, meters, clock, files, timer, random, UploadLimits.DEFAULT, RetryPolicy.FOUR_TRIES);
    }

    Uploads(UploadConfig config, HttpClient store, Meters meters, FleetClock clock, Scheduler files, Scheduler timer,
            DoubleSupplier random, UploadLimits limits, RetryPolicy policy) {
        this.config = config;
        this.meters = meters;
        artifacts = new Artifacts(config.maxFileBytes(), files);
        signing = new Signing(policy, timer, random);
        permits = new Permits(config.parallel());
        delivery = new Delivery(new Put(store, clock, files, timer, limits), new ExistingObject(store), permits,
                signing, policy, clock, timer, random);
        meters.gauge(FleetMeters.ARTIFACT_UPLOADS_IN_FLIGHT, permits::held);
        meters.gauge(FleetMeters.ARTIFACT_UPLOADS_WAITING, permits::waiting);
    }

    /** Changes how many uploads go at once; those that run go on. The largest artifact stays. */
    public void retune(UploadConfig changed) {
        config = changed;
        permits.rebound(changed.parallel());
    }

    /** Makes the meters of a control plane exist at 0, before its first upload. Safe to repeat. */
    public void announce(String controlPlane) {
        counts(controlPlane);
    }

    /**
     * Turns what a result names into artifacts, in the same order: each a regular file, not empty, not too large, with
     * its content type. Fails with an {@link InvalidResultException} whose message the job's owner understands, or with
     * what {@code localFile} fails with. Cancelling is safe.
     *
     * @param requests at most {@value Artifacts#MOST}
     * @param localFile gives the local file of {@link ArtifactRequest#file()}, empty when there is none
     */
    @Override
    public Mono<List<Artifact>> prepare(List<ArtifactRequest> requests, Function<String, Mono<Path>> localFile) {
        return artifacts.of(requests, localFile);
    }

    /** Uploads without digests: {@link #upload(String, ArtifactSigner, List, Set)}. */
    @Override
    public Flux<UploadEvent> upload(String controlPlane, ArtifactSigner signer, List<Artifact> artifacts) {
        return upload(controlPlane, signer, artifacts, Set.of());
    }

    /**
     * Signs and uploads all artifacts of a job. Cold. Emits progress and, once for each artifact,
     * {@link UploadEvent.Stored}; completes when all are stored. The first final failure cancels the rest and is emitted:
     * an {@link UploadException}, or the signer's {@link ControlPlaneException} as it is. Cancelling closes connections
     * and files at once; what the store made of half a body is its business.
     *
     * @param controlPlane the meters' label
     * @param signer asked for all artifacts first, then for fresh URLs of single ones; repeated when it may help
     * @param digests to compute of what is sent; costs CPU and the kernel's own sending of files
     */
    public Flux<UploadEvent> upload(String controlPlane, ArtifactSigner signer, List<Artifact> artifacts,
            Set<DigestKind> digests) {
        if (artifacts.isEmpty()) {
            return Flux.empty();
        }
        Set<DigestKind> kinds = Set.copyOf(digests);
        if (signer.atOnce() < artifacts.size()) {
            // what is signed holds something at the control plane: no more of it than is about to be sent
            return Flux.fromIterable(artifacts).buffer(signer.atOnce())
                    .flatMap(some -> signed(controlPlane, signer, some, kinds, 1), config.perJob(), 1);
        }
        return signed(controlPlane, signer, artifacts, kinds, config.perJob());
    }

    private Flux<UploadEvent> signed(String controlPlane, ArtifactSigner signer, List<Artifact> artifacts,
            Set<DigestKind> kinds, int parallel) {
        return signing.sign(signer, artifacts).flatMapIterable(Function.identity())
                .flatMap(signed -> one(counts(controlPlane), signer, signed, kinds), parallel);
    }

    private Flux<UploadEvent> one(Counts count, ArtifactSigner signer, SignedUpload signed, Set<DigestKind> digests) {
        return Flux.defer(() -> {
            // a failure is followed by a cancel of all that were in flight, the failed one included
            AtomicBoolean over = new AtomicBoolean();
            return delivery.of(signer, signed, digests).doOnNext(event -> {
                if (event instanceof UploadEvent.Stored stored && over.compareAndSet(false, true)) {
                    count.results().of("stored").increment();
                    count.bytes().increment((double) stored.sizeBytes());
                    count.duration().record(stored.took());
                }
            }).doOnError(failure -> count.end("failed", over)).doOnCancel(() -> count.end("cancelled", over));
        });
    }

    private Counts counts(String controlPlane) {
        return counts.computeIfAbsent(controlPlane,
                name -> new Counts(meters.counters(FleetMeters.ARTIFACT_UPLOADS, name),
                        meters.counter(FleetMeters.ARTIFACT_BYTES, name),
                        meters.timer(FleetMeters.ARTIFACT_UPLOAD_DURATION, name)));
    }

    private record Counts(Meters.Family<Counter> results, Counter bytes, Timer duration) {
        void end(String result, AtomicBoolean over) {
            if (over.compareAndSet(false, true)) {
                results.of(result).increment();
            }
        }
    }
}
