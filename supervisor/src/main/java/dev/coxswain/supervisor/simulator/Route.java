package dev.coxswain.supervisor.simulator;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import reactor.core.publisher.Mono;

/**
 * One endpoint of a simulated control plane.
 *
 * @param method HTTP method
 * @param path below the base path; a part {@code {name}} takes any one part
 * @param kind what its requests are for
 * @param bodyMayHoldToken whether a token in the body is no leak, because the contract puts it there
 * @param maxBody how many bytes a body may have; a larger one is a 413
 * @param handler what answers; runs on an event loop and must not block
 */
public record Route(String method, String path, CallKind kind, boolean bodyMayHoldToken, int maxBody,
        Handler handler) {
    /** Answers a call. */
    @FunctionalInterface
    public interface Handler {
        /** The answer to this call; an error becomes a 500 and a {@link Violation#SIMULATOR_ERROR}. */
        Mono<Answer> handle(Call call);
    }

    /** A route whose bodies hold no tokens and have up to 1 MiB. */
    public static Route of(String method, String path, CallKind kind, Handler handler) {
        return new Route(method, path, kind, false, BodyReader.USUAL_BYTES, handler);
    }

    /** The same route for bodies of up to that many bytes. */
    public Route withMaxBody(int bytes) {
        return new Route(method, path, kind, bodyMayHoldToken, bytes, handler);
    }

    /** The values of the path's named parts; empty when the path is another one. */
    Optional<Map<String, String>> match(String sent) {
        String[] want = path.split("/", -1);
        String[] have = sent.split("/", -1);
        if (want.length != have.length) {
            return Optional.empty();
        }
        Map<String, String> params = new LinkedHashMap<>();
        for (int i = 0; i < want.length; i++) {
            boolean named = want[i].startsWith("{") && want[i].endsWith("}");
            if (named && !have[i].isEmpty()) {
                params.put(want[i].substring(1, want[i].length() - 1), have[i]);
            } else if (!want[i].equals(have[i])) {
                return Optional.empty();
            }
        }
        return Optional.of(params);
    }
}
