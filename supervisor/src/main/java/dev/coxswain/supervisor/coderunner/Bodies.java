package dev.coxswain.supervisor.coderunner;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.handler.codec.http.HttpHeaderNames;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/** Reads request bodies into memory, each within its limit and all together within one. */
final class Bodies {
    /** What all requests of this process may hold at once; more is asked to come again. */
    private static final long MOST_AT_ONCE = 128L << 20;
    private static final AtomicLong HELD = new AtomicLong();
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private Bodies() {}

    /** Refuses what says that it is something else. */
    static void checkIsJson(HttpServerRequest request) {
        String type = request.requestHeaders().get(HttpHeaderNames.CONTENT_TYPE);
        if (type == null) {
            return;
        }
        String plain = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!plain.equals("application/json") && !plain.endsWith("+json")) {
            throw Refusal.unsupported("Content-Type must be application/json");
        }
    }

    /** Its declared length, or -1. */
    static long length(HttpServerRequest request) {
        String length = request.requestHeaders().get(HttpHeaderNames.CONTENT_LENGTH);
        return length == null || !length.matches("\\d{1,18}") ? -1 : Long.parseLong(length);
    }

    static Mono<byte[]> read(HttpServerRequest request, int mostBytes) {
        return Mono.defer(() -> {
            if (length(request) > mostBytes) {
                throw tooLarge(mostBytes);
            }
            Pieces pieces = new Pieces(mostBytes);
            return request.receive().asByteArray().timeout(SILENCE)
                    .onErrorMap(TimeoutException.class, e -> Refusal.invalid("the body did not come to its end"))
                    .doOnNext(pieces::add).then(Mono.fromSupplier(pieces::whole)).doFinally(end -> pieces.giveBack());
        });
    }

    private static Refusal tooLarge(int mostBytes) {
        return Refusal.tooLarge("the body may have at most " + mostBytes + " bytes");
    }

    /** One body that grows. */
    private static final class Pieces {
        private final int mostBytes;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private long held;

        Pieces(int mostBytes) {
            this.mostBytes = mostBytes;
        }

        void add(byte[] piece) {
            if (bytes.size() + piece.length > mostBytes) {
                throw tooLarge(mostBytes);
            }
            held += piece.length;
            if (HELD.addAndGet(piece.length) > MOST_AT_ONCE) {
                throw Refusal.unavailable("the server reads too many large bodies at the moment", 1);
            }
            bytes.writeBytes(piece);
        }

        byte[] whole() {
            return bytes.toByteArray();
        }

        void giveBack() {
            HELD.addAndGet(-held);
            held = 0;
        }
    }
}
