package dev.coxswain.supervisor.controlplane.oore;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.JobAccess;
import dev.coxswain.executors.SourceAccess;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.http.JsonAnswer;
import reactor.core.publisher.Mono;

/**
 * What a claim gives leave to fetch while its build is active: signing material with the build's own grant (contract oore-ci
 * 8), and the sources through the daemon's proxy (10). The grant is told once, with the claim, and lives in memory only: a
 * build of a former life can't be signed (trap 10).
 */
final class Grants {
    /** The permanent conditions among the daemon's 500s (trap 9). */
    private static final String HALF_CONFIGURED = "incomplete_signing_profile";
    private static final String UNREADABLE = "decryption_error";

    private final Calls calls;
    private final Credential credential;
    private final String path;
    private final @Nullable Secret signingGrant;
    private final String proxyPath;

    /**
     * @param signingGrant null when the claim gave none
     * @param proxyPath {@code checkout_proxy_path} of the snapshot, empty without one
     */
    Grants(Calls calls, Credential credential, String build, @Nullable Secret signingGrant,
            String proxyPath) {
        this.calls = calls;
        this.credential = credential;
        this.path = Calls.jobPath(credential, build);
        this.signingGrant = signingGrant;
        this.proxyPath = proxyPath;
    }

    /** Whether the proxy that the claim names, if any, is one of this build's: it gets the runner's token. */
    boolean areUsable() {
        String start = path + "/gitlab/";
        return proxyPath.isEmpty() || (proxyPath.startsWith(start)
                && proxyPath.substring(start.length()).matches("(?!.*\\.\\.)[A-Za-z0-9%._~/-]{1,1000}\\.git"));
    }

    /** Null when git asks the repository's own host. */
    @Nullable
    SourceAccess sources() {
        return proxyPath.isEmpty() || !areUsable()
                ? null
                : new SourceAccess(calls.base() + proxyPath, "Authorization: Bearer " + credential.token().reveal());
    }

    /** What the job's log must not show. */
    List<Secret> secrets() {
        return signingGrant == null ? List.of() : List.of(signingGrant);
    }

    Mono<byte[]> signing(JobAccess.Platform platform) {
        String what = switch (platform) {
            case ANDROID -> "/android-signing";
            case IOS -> "/ios-signing";
        };
        return calls.calls().get(Operation.SIGNING, credential, path + what, "x-oore-signing-token", signingGrant)
                .map(answer -> {
                    if (answer.is2xx()) {
                        return answer.body();
                    }
                    throw refusal(answer);
                });
    }

    private ControlPlaneException refusal(JsonAnswer answer) {
        String words = calls.calls().words(answer, credential);
        return switch (calls.calls().code(answer)) {
            // never unsigned instead, and never the same question for ever
            case HALF_CONFIGURED, UNREADABLE -> new ControlPlaneException.Rejected("signing: " + words);
            case "signing_grant_required" -> new ControlPlaneException.Rejected(
                    "signing: the claim brought no grant, and the daemon asks for one: " + words);
            // an answer about the job, though no 403 (trap 9): it is over, or somebody claimed it anew
            case "job_not_active", "invalid_signing_grant" -> new ControlPlaneException.LeaseLost(words);
            default -> calls.calls().jobError(Operation.SIGNING, answer, credential);
        };
    }
}
