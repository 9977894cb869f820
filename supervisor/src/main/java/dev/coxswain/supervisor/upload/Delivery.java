package dev.coxswain.supervisor.upload;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ArtifactSigner;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.SignedUpload;
import dev.coxswain.supervisor.http.Failures;
import dev.coxswain.supervisor.http.RetryPolicy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Brings one artifact into the store: attempts, pauses, fresh URLs, redirects (contract xenonflare-studio 6). */
final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final Put put;
    private final ExistingObject existing;
    private final Permits permits;
    private final Signing signing;
    private final RetryPolicy policy;
    private final FleetClock clock;
    private final Scheduler timer;
    private final DoubleSupplier random;

    Delivery(Put put, ExistingObject existing, Permits permits, Signing signing, RetryPolicy policy, FleetClock clock,
            Scheduler timer, DoubleSupplier random) {
        this.put = put;
        this.existing = existing;
        this.permits = permits;
        this.signing = signing;
        this.policy = policy;
        this.clock = clock;
        this.timer = timer;
        this.random = random;
    }

    /** Emits progress, at last that it is stored. A permit is held only while bytes may move, not during a pause. */
    Flux<UploadEvent> of(ArtifactSigner signer, SignedUpload upload, Set<DigestKind> digests) {
        return Flux.defer(() -> {
            long now = clock.nanos();
            return upload.use() == SignedUpload.Use.NOTHING
                    ? Flux.just(new UploadEvent.Stored(upload, upload.artifact().sizeBytes(), Duration.ZERO, Map.of()))
                    : new One(signer, upload.artifact(), digests, now).go(Way.first(upload));
        });
    }

    private final class One {
        private final ArtifactSigner signer;
        private final Artifact artifact;
        private final Set<DigestKind> digests;
        private final long startNanos;

        One(ArtifactSigner signer, Artifact artifact, Set<DigestKind> digests, long startNanos) {
            this.signer = signer;
            this.artifact = artifact;
            this.digests = digests;
            this.startNanos = startNanos;
        }

        Flux<UploadEvent> go(Way way) {
            Flux<Signal> attempt = Flux.defer(() -> {
                if (signer.isOver()) {
                    return Flux.error(new ControlPlaneException.LeaseLost("the lease is over; uploads are stopped"));
                }
                // a URL that is expired the moment it is fresh only shows that the clocks differ
                boolean expired = way.freshUrls() == 0 && way.expired(clock.now());
                return expired ? Flux.just(new Signal.Expired()) : put.send(way.upload(), way.url(), digests);
            });
            return permits.during(attempt).concatMap(signal -> next(way, signal), 1);
        }

        private Flux<UploadEvent> next(Way way, Signal signal) {
            return switch (signal) {
                case Signal.Moved moved -> Flux
                        .just(new UploadEvent.Progress(artifact.path(), moved.sentBytes(), artifact.sizeBytes()));
                case Signal.Expired expired -> renew(way, "the signed URL has expired", false);
                case Signal.Broken broken -> later(way, broken.why(), null, broken.cause());
                case Signal.Answer answer -> judge(way, answer);
            };
        }

        private Flux<UploadEvent> judge(Way way, Signal.Answer answer) {
            return switch (Verdict.of(answer.status())) {
                case STORED -> told(way, stored(way, answer));
                case EXISTS -> existing.sizeBytes(way.upload(), answer).filter(size -> size == artifact.sizeBytes())
                        .flatMapMany(same -> told(way, stored(way, answer))).switchIfEmpty(fail(way, answer.words()
                                + ": the store has something there, and it is not known to be this file", null));
                case ELSEWHERE -> redirect(way, answer);
                case REFUSED -> way.freshUrls() > 0 && "SignatureDoesNotMatch".equals(answer.code())
                        ? fail(way, answer.words() + " with a fresh URL", null)
                        : renew(way, answer.words(), false);
                case LATER -> later(way, answer.words(),
                        Failures.retryAfter(answer.retryAfter(), clock.now()), null);
                case FINAL -> fail(way, answer.words(), null);
            };
        }

        private Flux<UploadEvent> redirect(Way way, Signal.Answer answer) {
            String location = answer.location();
            if (location == null || way.redirects() >= Way.MOST_REDIRECTS) {
                return fail(way, answer.words() + (location == null ? " without a place" : " once too often"), null);
            }
            try {
                return go(way.to(way.url().redirect(location)));
            } catch (SignedUrl.BadUrl e) {
                return fail(way, answer.words() + " to a place that " + e.getMessage(), null);
            }
        }

        private Flux<UploadEvent> later(Way way, String why, @Nullable Duration retryAfter,
                @Nullable Throwable cause) {
            int attempts = (signer.isPatient() ? policy.patient() : policy).attempts();
            if (way.upload().use() == SignedUpload.Use.ONCE) {
                return way.freshUrls() + 1 < attempts
                        ? Mono.delay(policy.delay(way.freshUrls(), retryAfter, random.getAsDouble()), timer)
                                .thenMany(Flux.defer(() -> another(way, why, false)))
                        : fail(way, why, cause);
            }
            if (way.failures() + 1 < attempts) {
                return Mono.delay(policy.delay(way.failures(), retryAfter, random.getAsDouble()), timer)
                        .thenMany(Flux.defer(() -> go(way.again())));
            }
            return way.rescued() ? fail(way, why, cause) : renew(way, why, true);
        }

        private Flux<UploadEvent> renew(Way way, String why, boolean rescue) {
            if (!way.mayRenew()) {
                return fail(way, why + " after " + way.freshUrls() + " fresh URLs", null);
            }
            return another(way, why, rescue);
        }

        private Flux<UploadEvent> another(Way way, String why, boolean rescue) {
            return givenUp(way, why).thenMany(Flux.defer(() -> signing.sign(signer, List.of(artifact))
                    .flatMapMany(renewed -> renewed.get(0).use() == SignedUpload.Use.NOTHING
                            ? of(signer, renewed.get(0), digests)
                            : go(way.fresh(renewed.get(0), rescue)))));
        }

        /** The control plane hears of it before anybody counts on it. */
        private Flux<UploadEvent> told(Way way, UploadEvent stored) {
            return signing.repeated(signer, signer.stored(way.upload())).thenReturn(stored).flux();
        }

        /** Whether it arrives or not, the URL is not used any more. */
        private Mono<Void> givenUp(Way way, String why) {
            return signing.repeated(signer, signer.givenUp(way.upload(), why))
                    .onErrorResume(ControlPlaneException.class, failure -> {
                        LOG.warn("upload not given back: path={} {}", artifact.path(), failure.getMessage());
                        return Mono.empty();
                    });
        }

        private UploadEvent stored(Way way, Signal.Answer answer) {
            return new UploadEvent.Stored(way.upload(), artifact.sizeBytes(),
                    Duration.ofNanos(clock.nanos() - startNanos), answer.digests());
        }

        private Flux<UploadEvent> fail(Way way, String why, @Nullable Throwable cause) {
            return givenUp(way, why).thenMany(Flux.error(() -> new UploadException(
                    artifact.path() + " could not be stored at " + way.url().host() + ": " + why, cause)));
        }
    }
}
