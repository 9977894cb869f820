package dev.coxswain.supervisor.controlplane.shithub;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.SignedUpload;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * The artifacts of one job (contract shithub-actions 10): a name and a size for a URL, then a PUT by whoever uploads, outside
 * of the chain; there is no word for "it is stored". What a second request with the same name does is unknown, and may end
 * the job, so each name is asked for once.
 */
final class Artifacts {
    /** How long a URL can be used. */
    static final Duration URL_LIFE = Duration.ofMinutes(15);

    private final Calls calls;
    private final TokenChain chain;
    private final long job;
    /** One for each name that was asked for; as many as a result may name. */
    private final Map<String, Signed> signed = new ConcurrentHashMap<>();
    /** Names that the control plane has, also those it gave no usable URL for. */
    private final Set<String> taken = ConcurrentHashMap.newKeySet();

    private record Signed(SignedUpload upload, long untilNanos) {}

    Artifacts(Calls calls, TokenChain chain, long job) {
        this.calls = calls;
        this.chain = chain;
        this.job = job;
    }

    /** One attempt to get a URL for one artifact. */
    Mono<List<SignedUpload>> sign(List<Artifact> one) {
        if (one.size() != 1) {
            return Mono.error(() -> new ControlPlaneException.Rejected("artifacts are signed one by one"));
        }
        Artifact artifact = one.get(0);
        return Mono.defer(() -> {
            Signed known = signed.get(artifact.path());
            if (known != null && known.untilNanos - calls.clock().nanos() > 0) {
                return Mono.just(known.upload);
            }
            if (taken.contains(artifact.path())) {
                return Mono.error(new ControlPlaneException.Rejected(
                        "there is no upload URL any more, and no second one may be asked for"));
            }
            return !Result.isName(artifact.path()) || artifact.sizeBytes() < 0
                    ? Mono.error(new ControlPlaneException.Rejected("no name for an artifact"))
                    : ask(artifact);
        }).map(List::of);
    }

    private Mono<SignedUpload> ask(Artifact artifact) {
        long asked = calls.clock().nanos();
        return chain.call(calls.job(Operation.SIGN, job, "/artifacts/upload",
                () -> calls.object().put("name", artifact.path()).put("size_bytes", artifact.sizeBytes())))
                .doOnNext(body -> taken.add(artifact.path())).map(body -> upload(artifact, body))
                .doOnNext(upload -> signed.put(artifact.path(), new Signed(upload, asked + URL_LIFE.toNanos())));
    }

    private SignedUpload upload(Artifact artifact, JsonNode body) {
        String url = body.path("upload_url").asString("");
        if (!url.matches("(?i)https?://[!-~]+")) {
            throw new ControlPlaneException.Rejected("the control plane gave no upload URL of http or https");
        }
        Instant expires = calls.clock().now().plus(URL_LIFE);
        return new SignedUpload(artifact, new Secret(url), Map.of(), expires,
                body.path("artifact_id").asString(artifact.path()));
    }
}
