package dev.coxswain.supervisor.simulator;

import java.io.ByteArrayOutputStream;
import java.util.concurrent.atomic.AtomicBoolean;

import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/** Reads a request's body whole, up to a limit. */
final class BodyReader {
    static final int USUAL_BYTES = 1 << 20;

    /** The body is too large; it was read to its end and thrown away. */
    static final class TooLargeException extends RuntimeException {
        TooLargeException(int maxBytes) {
            super("a body of more than " + maxBytes + " bytes");
        }
    }

    private BodyReader() {}

    /** The body; ends in a {@link TooLargeException} when it is too large. */
    static Mono<byte[]> read(HttpServerRequest request, int maxBytes) {
        return Mono.defer(() -> {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            AtomicBoolean over = new AtomicBoolean();
            return request.receive().asByteArray().doOnNext(part -> {
                if (body.size() + part.length > maxBytes) {
                    over.set(true);
                } else if (!over.get()) {
                    body.writeBytes(part);
                }
            }).then(Mono.fromSupplier(() -> {
                if (over.get()) {
                    throw new TooLargeException(maxBytes);
                }
                return body.toByteArray();
            }));
        });
    }
}
