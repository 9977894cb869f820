package dev.coxswain.supervisor.simulator;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import io.netty.buffer.ByteBuf;
import reactor.core.publisher.Flux;
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
 * @param stream what answers while the body still comes, in place of {@code handler}; null for most
 * @param grantIn where the contract puts a grant of {@link Tokens#grant()}
 */
public record Route(String method, String path, CallKind kind, boolean bodyMayHoldToken, int maxBody, Handler handler,
        @Nullable StreamHandler stream, GrantPlace grantIn) {
    /** Where a grant is no leak. */
    public enum GrantPlace {
        /** Nowhere: it is one wherever it is seen. */
        NOWHERE,
        /** In the path. */
        PATH,
        /** In a header. */
        HEADER
    }

    /** Answers a call whose body it takes itself, to its end. */
    @FunctionalInterface
    public interface StreamHandler {
        /** The answer to this call, whose own body is empty; the body's buffers are its only while they are emitted. */
        Mono<Answer> handle(Call head, Flux<ByteBuf> body);
    }

    /** Answers a call. */
    @FunctionalInterface
    public interface Handler {
        /** The answer to this call; an error becomes a 500 and a {@link Violation#SIMULATOR_ERROR}. */
        Mono<Answer> handle(Call call);
    }

    /** A route whose bodies hold no tokens and have up to 1 MiB. */
    public static Route of(String method, String path, CallKind kind, Handler handler) {
        return new Route(method, path, kind, false, BodyReader.USUAL_BYTES, handler, null, GrantPlace.NOWHERE);
    }

    /** The same route for bodies of up to that many bytes. */
    public Route withMaxBody(int bytes) {
        return new Route(method, path, kind, bodyMayHoldToken, bytes, handler, stream, grantIn);
    }

    /** The same route where a grant belongs there. */
    public Route withGrantIn(GrantPlace place) {
        return new Route(method, path, kind, bodyMayHoldToken, maxBody, handler, stream, place);
    }

    /** A route that takes its body piece by piece, and sets its own limit. */
    public static Route streamed(String method, String path, CallKind kind, StreamHandler stream) {
        return new Route(method, path, kind, false, 0, call -> stream.handle(call, Flux.empty()), stream,
                GrantPlace.NOWHERE);
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
