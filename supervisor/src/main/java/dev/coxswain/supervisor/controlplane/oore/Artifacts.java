package dev.coxswain.supervisor.controlplane.oore;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.SignedUpload;
import dev.coxswain.supervisor.http.JsonAnswer;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The artifacts of one build (contract oore-ci 9): reserve, PUT by whoever uploads, complete; or abort. A reservation whose
 * answer was lost stays pending at the daemon and fails there after 30 minutes; another one is made.
 */
final class Artifacts {
    private static final String LOCAL = "/v1/artifacts/local-upload/";
    private static final int MOST_NAME = 255;

    private final Calls calls;
    private final Credential credential;
    private final String path;
    /** Completions whose answer was lost: a 409 to the next try says that it is done (trap 17). At most one for each upload. */
    private final Map<String, Boolean> unclear = new ConcurrentHashMap<>();

    Artifacts(Calls calls, Credential credential, String path) {
        this.calls = calls;
        this.credential = credential;
        this.path = path + "/artifacts";
    }

    Mono<List<SignedUpload>> reserve(List<Artifact> one) {
        if (one.size() != 1) {
            return Mono.error(() -> new ControlPlaneException.Rejected("artifacts are reserved one by one"));
        }
        Artifact artifact = one.get(0);
        String name = name(artifact.path());
        ObjectNode body = calls.mapper().createObjectNode().put("name", name).put("artifact_type", type(name))
                .put("file_size", artifact.sizeBytes());
        return calls.calls().post(Operation.RESERVE, credential, path, body).flatMap(answer -> {
            if (!answer.is2xx()) {
                return Mono.error(calls.calls().jobError(Operation.RESERVE, answer, credential));
            }
            return reserved(artifact, answer);
        });
    }

    private Mono<List<SignedUpload>> reserved(Artifact artifact, JsonAnswer answer) {
        JsonNode body = calls.calls().object(Operation.RESERVE, answer);
        String id = body.path("artifact").path("id").asString("");
        String url = body.path("upload_url").asString("");
        String state = body.path("artifact").path("state").asString("");
        if (id.isEmpty()) {
            return Mono.error(calls.calls().garbled(Operation.RESERVE, answer, "artifact.id is missing"));
        }
        if (!url.isEmpty()) {
            return Mono.just(List.of(upload(artifact, rebased(url), id, SignedUpload.Use.ONCE)));
        }
        // an empty URL has two meanings (trap 18)
        if (state.equals("available")) {
            return Mono.just(List.of(upload(artifact, calls.base().toString(), id, SignedUpload.Use.NOTHING)));
        }
        return finish(Operation.GIVEN_UP, id, "/abort",
                calls.mapper().createObjectNode().put("error_message", "the daemon gave no upload URL"))
                .onErrorComplete(ControlPlaneException.class)
                .then(Mono.error(() -> new ControlPlaneException.Rejected(
                        "the daemon stores no artifacts: it gave no upload URL for " + name(artifact.path()))));
    }

    private static SignedUpload upload(Artifact artifact, String url, String id, SignedUpload.Use use) {
        return new SignedUpload(artifact, new Secret(url), Map.of(), null, id, use);
    }

    /** A local URL names a host that is the daemon's guess (trap 16); others are used byte for byte. */
    private String rebased(String url) {
        int local = url.indexOf(LOCAL);
        int query = url.indexOf('?');
        return local < 0 || (query >= 0 && query < local) ? url : calls.base() + url.substring(local);
    }

    /** Says that the bytes are there. */
    Mono<Void> complete(SignedUpload upload) {
        String id = upload.reference();
        return Mono.defer(() -> finish(Operation.STORED, id, "/complete", calls.mapper().createObjectNode()))
                .onErrorResume(ControlPlaneException.Rejected.class,
                        refused -> unclear.remove(id) != null ? Mono.empty() : Mono.error(refused))
                .doOnError(failure -> failure instanceof ControlPlaneException e && e.mayPass(),
                        failure -> unclear.put(id, true))
                .doOnSuccess(done -> unclear.remove(id));
    }

    Mono<Void> abort(SignedUpload upload, String reason) {
        return Mono.defer(() -> finish(Operation.GIVEN_UP, upload.reference(), "/abort",
                calls.mapper().createObjectNode().put("error_message", reason)))
                // it waits no more: by a former try, or by its time
                .onErrorComplete(ControlPlaneException.Rejected.class);
    }

    private Mono<Void> finish(Operation operation, String id, String what, ObjectNode body) {
        return calls.calls().post(operation, credential, path + "/" + Calls.segment(id) + what, body)
                .flatMap(answer -> answer.is2xx()
                        ? Mono.empty()
                        : Mono.error(calls.calls().jobError(operation, answer, credential)));
    }

    /** The last part of the path, as long as the daemon takes it: the limit is in bytes, and the ending stays. */
    static String name(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1).replace('\\', '_').strip();
        if (name.isEmpty()) {
            return "artifact";
        }
        int from = 0;
        while (name.substring(from).getBytes(StandardCharsets.UTF_8).length > MOST_NAME) {
            from = name.offsetByCodePoints(from, 1);
        }
        return name.substring(from);
    }

    static String type(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".apk")
                ? "apk"
                : lower.endsWith(".ipa")
                        ? "ipa"
                        : lower.endsWith(".app.zip")
                                ? "app"
                                : "generic";
    }
}
