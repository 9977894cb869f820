package dev.coxswain.supervisor.controlplane.xenonflare;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.SignedUpload;
import dev.coxswain.supervisor.http.JsonAnswer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code runnerSignUpload} (contract xenonflare-studio 5): at most 16 entries a call, the calls one after another. */
final class StudioSigning {
    private static final int MOST_ENTRIES = 16;

    private StudioSigning() {}

    static Mono<List<SignedUpload>> sign(LeaseParts lease, List<Artifact> artifacts) {
        return Mono.defer(() -> {
            refuse(artifacts);
            return Flux.fromIterable(artifacts).buffer(MOST_ENTRIES)
                    .concatMap(some -> signSome(lease, some), 1)
                    .flatMapIterable(signed -> signed).collectList();
        });
    }

    private static Mono<List<SignedUpload>> signSome(LeaseParts lease, List<Artifact> artifacts) {
        Calls calls = lease.calls();
        ObjectNode body = calls.mapper().createObjectNode().put(calls.dialect().idField(), lease.handle().id());
        ArrayNode uploads = body.putArray("uploads");
        for (Artifact artifact : artifacts) {
            uploads.addObject().put("path", artifact.path()).put("contentType", artifact.contentType());
        }
        return calls.calls().post(XenonflareStudio.SIGN, lease.credential(), body)
                .map(answer -> read(calls.calls(), lease.credential(), artifacts, answer));
    }

    private static List<SignedUpload> read(Transport transport, Credential credential, List<Artifact> artifacts,
            JsonAnswer answer) {
        if (answer.status() != 404 && transport.isGone(XenonflareStudio.SIGN, answer)) {
            throw new ControlPlaneException.LeaseLost("signing uploads: HTTP " + answer.status()
                    + transport.errorText(answer, credential));
        }
        if (!answer.is2xx()) {
            throw transport.error(XenonflareStudio.SIGN, answer, credential);
        }
        try {
            return SignAnswer.read(transport.json(XenonflareStudio.SIGN, answer), artifacts);
        } catch (SignEntry.Unusable e) {
            throw transport.garbled(XenonflareStudio.SIGN, answer, "the answer " + e.getMessage(), e);
        }
    }

    /** What must never be signed (traps 2, 9, 10). A plan of ours has been checked; a restored or changed one has not. */
    private static void refuse(List<Artifact> artifacts) {
        Set<String> lower = new HashSet<>();
        for (Artifact artifact : artifacts) {
            String problem = ArtifactPaths.problem(artifact.path());
            if (problem == null && artifact.sizeBytes() <= 0) {
                problem = "is empty";
            }
            if (problem == null && !ContentTypes.isBare(artifact.contentType())) {
                problem = "has no bare content type";
            }
            if (problem == null && !lower.add(artifact.path().toLowerCase(Locale.ROOT))) {
                problem = "is there twice (case does not count)";
            }
            if (problem != null) {
                throw new ControlPlaneException.Rejected(
                        "signing uploads: the artifact " + Texts.quote(artifact.path()) + " " + problem);
            }
        }
    }
}
