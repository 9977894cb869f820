package dev.coxswain.supervisor.simulator;

import java.io.ByteArrayOutputStream;
import java.util.concurrent.atomic.AtomicBoolean;

import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/** Reads a request's body whole, up to 1 MiB. */
final class BodyReader {
    static final int MAX_BYTES = 1 << 20;

    /** The body is too large; it was read to its end and thrown away. */
    static final class TooLargeException extends RuntimeException {
        TooLargeException() {
            super("a body of more than " + MAX_BYTES + " bytes");
        }
    }

    private BodyReader() {}

    /** The body; ends in a {@link TooLargeException} when it is too large. */
    static Mono<byte[]> read(HttpServerRequest request) {
        return Mono.defer(() -> {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            AtomicBoolean over = new AtomicBoolean();
            return request.receive().asByteArray().doOnNext(part -> {
                if (body.size() + part.length > MAX_BYTES) {
                    over.set(true);
                } else if (!over.get()) {
                    body.writeBytes(part);
                }
            }).then(Mono.fromSupplier(() -> {
                if (over.get()) {
                    throw new TooLargeException();
                }
                return body.toByteArray();
            }));
        });
    }
}
