package dev.coxswain.supervisor.coderunner;

import org.reactivestreams.Publisher;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/**
 * An answer of a handler's own that is sent while it is made. The connection takes up to 128 pieces of 16 KiB before it
 * makes the handler wait.
 */
record StreamedReply(int status, HttpHeaders headers, Flux<byte[]> bytes) implements Reply {
    @Override
    public Publisher<Void> send(HttpServerResponse response) {
        response.status(status);
        headers.forEach(header -> response.addHeader(header.getKey(), header.getValue()));
        if (status == 204 || status == 304) {
            return Mono.from(response.send()).thenMany(bytes).then();
        }
        // flushed piece by piece: they are told as they come because somebody wants to read them so
        return response.send(bytes.onErrorResume(failure -> brokenOff(response)).map(Unpooled::wrappedBuffer),
                piece -> true);
    }

    /** A clean end would say that this was all. The execution's own end tells what happened. */
    private static Flux<byte[]> brokenOff(HttpServerResponse response) {
        response.withConnection(connection -> {
            var unused = connection.channel().close();
        });
        return Flux.empty();
    }
}
