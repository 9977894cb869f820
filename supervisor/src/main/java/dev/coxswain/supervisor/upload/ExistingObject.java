package dev.coxswain.supervisor.upload;

import java.time.Duration;

import dev.coxswain.supervisor.controlplane.SignedUpload;
import io.netty.handler.codec.http.HttpHeaderNames;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/**
 * Finds out what is stored when a PUT was answered 412: most often it is our own first try, whose answer was lost. The
 * answer itself may tell the size; else the artifact's reference is asked, once, without any credential.
 */
final class ExistingObject {
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final HttpClient store;

    ExistingObject(HttpClient store) {
        this.store = store.headers(headers -> headers.remove(HttpHeaderNames.AUTHORIZATION)
                .remove(HttpHeaderNames.COOKIE)).followRedirect(false).compress(false).responseTimeout(LIMIT);
    }

    /** The size of what is stored; empty when that can't be known. Never fails. */
    Mono<Long> sizeBytes(SignedUpload upload, Signal.Answer answer) {
        if (answer.storedBytes() >= 0) {
            return Mono.just(answer.storedBytes());
        }
        try {
            SignedUrl reference = SignedUrl.parse(upload.reference());
            return store.head().uri(reference.origin() + reference.target())
                    .responseSingle((response, content) -> Mono.justOrEmpty(response.status().code() == 200
                            ? response.responseHeaders().get(HttpHeaderNames.CONTENT_LENGTH)
                            : null))
                    .map(ErrorBody::size).onErrorComplete();
        } catch (SignedUrl.BadUrl e) {
            return Mono.empty();
        }
    }
}
