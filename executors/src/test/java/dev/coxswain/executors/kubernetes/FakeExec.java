package dev.coxswain.executors.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/** One exec of a {@link FakeCluster}: the channels of {@code v4.channel.k8s.io} over a process of this host. */
final class FakeExec {
    private static final int PIECE = 16 << 10;

    private final FakePod pod;
    private final List<String> command;

    FakeExec(FakePod pod, List<String> command) {
        this.pod = pod;
        this.command = command;
    }

    Mono<Void> serve(WebsocketInbound in, WebsocketOutbound out) {
        in.withConnection(connection -> {
            pod.connections.add(connection);
            connection.onDispose(() -> pod.connections.remove(connection));
        });
        return Mono.fromCallable(() -> pod.exec(command)).subscribeOn(Schedulers.boundedElastic()).flatMap(process -> {
            Flux<WebSocketFrame> output = Flux
                    .merge(read(process.getInputStream(), 1), read(process.getErrorStream(), 2))
                    .concatWith(Mono.fromFuture(process.onExit()).map(ended -> frame(3, status(ended.exitValue()))));
            // what a real one begins with: an empty message on each channel
            Flux<WebSocketFrame> all = Flux.just(1, 2, 3).map(channel -> frame(channel, new byte[0]))
                    .concatWith(output);
            Mono<Void> input = in.receive().asByteArray().publishOn(Schedulers.boundedElastic(), 1)
                    .concatMap(bytes -> write(process.getOutputStream(), bytes), 1).then()
                    .onErrorComplete();
            Disposable reading = input.subscribe();
            return all.concatMap(frame -> out.sendObject(frame).then(), 1)
                    .then(Mono.defer(() -> out.sendClose(1000, "")))
                    .doFinally(end -> reading.dispose());
        });
    }

    /** Channel, then bytes; a closed pipe is what a program that reads no more leaves. */
    private static Mono<Void> write(OutputStream to, byte[] message) {
        return Mono.fromRunnable(() -> {
            try {
                if (message.length > 1 && message[0] == 0) {
                    to.write(message, 1, message.length - 1);
                    to.flush();
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    private static Flux<WebSocketFrame> read(InputStream from, int channel) {
        return Flux.<WebSocketFrame>generate(sink -> {
            byte[] piece = new byte[PIECE];
            try {
                int read = from.read(piece);
                if (read < 0) {
                    sink.complete();
                } else {
                    sink.next(frame(channel, Arrays.copyOf(piece, read)));
                }
            } catch (IOException e) {
                sink.complete();
            }
        }).subscribeOn(Schedulers.boundedElastic()).publishOn(Schedulers.boundedElastic(), 1);
    }

    private static WebSocketFrame frame(int channel, byte[] bytes) {
        byte[] framed = new byte[bytes.length + 1];
        framed[0] = (byte) channel;
        System.arraycopy(bytes, 0, framed, 1, bytes.length);
        return new BinaryWebSocketFrame(Unpooled.wrappedBuffer(framed));
    }

    private static byte[] status(int code) {
        return (code == 0
                ? "{\"metadata\":{},\"status\":\"Success\"}"
                : """
                        {"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code",
                        "reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"%d"}]}}
                        """.formatted(code)).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
}
