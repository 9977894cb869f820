package dev.coxswain.supervisor.upload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ArtifactSigner;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.SignedUpload;
import dev.coxswain.supervisor.http.RetryPolicy;
import dev.coxswain.supervisor.metrics.Meters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** Uploads with real connections and a timer that is a thousand times faster than it says and remembers the pauses. */
final class UploadRig implements AutoCloseable {
    /** Limits that no test reaches unless it wants to; ticks as in production. */
    static final UploadLimits UNHURRIED = UploadLimits.DEFAULT;

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final List<Duration> pauses = new CopyOnWriteArrayList<>();
    final Uploads uploads;
    private final ConnectionProvider connections = ConnectionProvider.builder("upload-test").maxConnections(64)
            .build();
    private final Scheduler files = Schedulers.newBoundedElastic(4, 10_000, "upload-test-files");
    private final HurriedScheduler timer = new HurriedScheduler(pauses);

    UploadRig() {
        this(new UploadConfig(32, 4), UNHURRIED);
    }

    UploadRig(UploadConfig config, UploadLimits limits) {
        this(config, limits, Function.identity());
    }

    UploadRig(UploadConfig config, UploadLimits limits, Function<HttpClient, HttpClient> client) {
        HttpClient store = client.apply(HttpClient.create(connections)
                .headers(headers -> headers.set("Authorization", "Bearer runner-key").set("Cookie", "a=b")));
        uploads = new Uploads(config, store, new Meters(registry), FleetClock.system(), files, timer, () -> 0.5, limits,
                RetryPolicy.FOUR_TRIES);
    }

    double count(String result) {
        return registry.get("coxswain_artifact_uploads_total").tag("control_plane", "shorts").tag("result", result)
                .counter().count();
    }

    double gauge(String name) {
        return registry.get("coxswain_artifact_uploads_" + name).gauge().value();
    }

    static Artifact artifact(Path folder, String name, int bytes) {
        return artifact(folder, name, content(name, bytes), "image/png");
    }

    static Artifact artifact(Path folder, String name, byte[] content, String type) {
        try {
            Path file = folder.resolve(name);
            Files.write(file, content);
            return new Artifact(name, file, content.length, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] content(String seed, int bytes) {
        byte[] content = new byte[bytes];
        new java.util.Random(seed.hashCode()).nextBytes(content);
        return content;
    }

    /** A signer that gives each artifact the URL the function says, with the number of the URL (from 0) of that artifact. */
    static final class Signer implements ArtifactSigner {
        final List<List<String>> calls = new CopyOnWriteArrayList<>();
        private final Url url;
        volatile Map<String, String> headers = Map.of();
        volatile @Nullable Instant expiresAt;
        volatile String reference = "https://127.0.0.1:1/nothing";

        Signer(Url url) {
            this.url = url;
        }

        @Override
        public Mono<List<SignedUpload>> sign(List<Artifact> artifacts) {
            return Mono.fromSupplier(() -> {
                calls.add(artifacts.stream().map(Artifact::path).toList());
                return artifacts.stream().map(artifact -> new SignedUpload(artifact,
                        new Secret(url.of(artifact.path(), calls.size() - 1)), headers, expiresAt, reference)).toList();
            });
        }

        interface Url {
            String of(String path, int call);
        }
    }

    @Override
    public void close() {
        connections.disposeLater().block(Duration.ofSeconds(60));
        files.dispose();
        timer.dispose();
    }

    /** Waits a thousandth of what it is asked to wait. */
    private static final class HurriedScheduler implements Scheduler {
        private final Scheduler real = Schedulers.newSingle("upload-test-timer");
        private final List<Duration> pauses;

        HurriedScheduler(List<Duration> pauses) {
            this.pauses = pauses;
        }

        @Override
        public Disposable schedule(Runnable task) {
            return real.schedule(task);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            pauses.add(Duration.of(delay, unit.toChronoUnit()));
            return real.schedule(task, unit.toMicros(delay) / 1000, TimeUnit.MICROSECONDS);
        }

        @Override
        public Disposable schedulePeriodically(Runnable task, long first, long period, TimeUnit unit) {
            return real.schedulePeriodically(task, unit.toMicros(first) / 1000,
                    Math.max(1, unit.toMicros(period) / 1000),
                    TimeUnit.MICROSECONDS);
        }

        @Override
        public Worker createWorker() {
            Worker worker = real.createWorker();
            return new Worker() {
                @Override
                public Disposable schedule(Runnable task) {
                    return worker.schedule(task);
                }

                @Override
                public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
                    return worker.schedule(task, unit.toMicros(delay) / 1000, TimeUnit.MICROSECONDS);
                }

                @Override
                public Disposable schedulePeriodically(Runnable task, long first, long period, TimeUnit unit) {
                    return worker.schedulePeriodically(task, unit.toMicros(first) / 1000,
                            Math.max(1, unit.toMicros(period) / 1000), TimeUnit.MICROSECONDS);
                }

                @Override
                public void dispose() {
                    worker.dispose();
                }
            };
        }

        @Override
        public void dispose() {
            real.dispose();
        }
    }
}
