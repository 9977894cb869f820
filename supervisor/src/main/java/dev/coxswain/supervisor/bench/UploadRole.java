package dev.coxswain.supervisor.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ArtifactSigner;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.SignedUpload;
import dev.coxswain.supervisor.http.HttpClients;
import dev.coxswain.supervisor.http.HttpLimits;
import dev.coxswain.supervisor.metrics.Exposition;
import dev.coxswain.supervisor.upload.UploadConfig;
import dev.coxswain.supervisor.upload.UploadEvent;
import dev.coxswain.supervisor.upload.Uploads;
import io.netty.handler.codec.http.HttpHeaderNames;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** Sends files to the server: through our uploads, or with the HTTP client's own sending of files and nothing else. */
final class UploadRole implements Role {
    private static final Duration LONGEST = Duration.ofMinutes(9);

    private final String url;
    private final int parallel;
    private final FleetClock clock = FleetClock.system();
    private final Exposition exposition = new Exposition("bench", Schedulers.parallel(), clock::nanos);
    private final Scheduler files = Schedulers.newBoundedElastic(4, 100_000, "cox-disk", 60, true);
    private final HttpClients clients;
    private final Uploads uploads;
    private final ConnectionProvider pool;
    private final HttpClient raw;

    UploadRole(Order settings) {
        url = settings.text("url");
        parallel = settings.count("parallel");
        clients = new HttpClients(HttpLimits.DEFAULT,
                exposition.connectionPools());
        uploads = new Uploads(new UploadConfig(parallel, parallel), clients.store(), exposition.meters(), clock, files,
                Schedulers.parallel(), () -> 0.5);
        pool = ConnectionProvider.create("minimal", parallel);
        raw = HttpClient.create(pool);
    }

    @Override
    public Map<String, Double> carryOut(Order order) throws IOException {
        int count = order.count("count");
        List<Path> sources = new ArrayList<>();
        order.with().path("files").forEach(file -> sources.add(Path.of(file.asString())));
        long size = Files.size(sources.getFirst());
        List<Artifact> artifacts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            artifacts.add(new Artifact("file-" + i, sources.get(i % sources.size()), size, "video/mp4"));
        }
        if (order.what().equals("memory")) {
            Usage.forgetPeak();
        }
        Long stored = switch (order.what()) {
            case "uploads", "memory" -> uploads.upload("bench", new Signer(url), artifacts)
                    .filter(UploadEvent.Stored.class::isInstance).count().block(LONGEST);
            case "minimal" -> Flux.fromIterable(artifacts).flatMap(this::put, parallel).count().block(LONGEST);
            default -> throw new IllegalArgumentException("no order " + order.what());
        };
        if (stored == null || stored != count) {
            throw new IllegalStateException(stored + " of " + count + " files were stored");
        }
        return Map.of("count", (double) count, "bytes", (double) count * size);
    }

    private Mono<Integer> put(Artifact artifact) {
        return raw.put().uri(url + Wire.UPLOAD + artifact.path()).send((request, out) -> {
            request.requestHeaders().set(HttpHeaderNames.CONTENT_LENGTH, artifact.sizeBytes())
                    .set(HttpHeaderNames.CONTENT_TYPE, artifact.contentType());
            return out.sendFile(artifact.file(), 0, artifact.sizeBytes());
        }).responseSingle((answer, content) -> Mono.just(answer.status().code())).filter(status -> status == 200);
    }

    /** Signs without asking anybody. */
    private record Signer(String url) implements ArtifactSigner {
        @Override
        public Mono<List<SignedUpload>> sign(List<Artifact> artifacts) {
            return Mono.fromSupplier(() -> artifacts.stream()
                    .map(artifact -> new SignedUpload(artifact,
                            new Secret(url + Wire.UPLOAD + artifact.path() + "?signature=0123456789abcdef"),
                            Map.of(), null, "https://files.example/" + artifact.path()))
                    .toList());
        }
    }

    @Override
    public void close() {
        pool.disposeLater().then(clients.close()).block(Duration.ofSeconds(5));
        files.dispose();
        exposition.close();
    }
}
