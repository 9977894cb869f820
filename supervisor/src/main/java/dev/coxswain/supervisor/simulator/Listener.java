package dev.coxswain.supervisor.simulator;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;

import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.FutureMono;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;
import reactor.util.retry.Retry;

/** Owns the listening socket, its connections and its event loops. */
final class Listener {
    private static final int MAX_LINE_BYTES = 16 << 10;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
    private static final int REBIND_ATTEMPTS = 100;
    private static final Duration REBIND_PAUSE = Duration.ofMillis(100);

    /** A group that stays closed once it is closed: a connection that is accepted at the last moment closes too. */
    private record Bound(DisposableServer server, ChannelGroup connections) {}

    private final SimulatorConfig config;
    private final BiFunction<HttpServerRequest, HttpServerResponse, Mono<Void>> handler;
    private final LoopResources loops;
    private final AtomicReference<@Nullable Bound> bound = new AtomicReference<>();
    private volatile int port;

    Listener(SimulatorConfig config, BiFunction<HttpServerRequest, HttpServerResponse, Mono<Void>> handler) {
        this.config = config;
        this.handler = handler;
        this.port = config.port();
        loops = LoopResources.create("cox-simulator", config.threads(), true);
    }

    /** The port that it listens at, or will listen at. */
    int port() {
        return port;
    }

    /** Listens, at the same port as before if there was one; emits the port. */
    Mono<Integer> bind() {
        return Mono.defer(() -> {
            ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
            return HttpServer.create().host(config.host()).port(port).runOn(loops).channelGroup(connections)
                    .httpRequestDecoder(spec -> spec.maxInitialLineLength(MAX_LINE_BYTES)).handle(handler).bind()
                    .map(server -> {
                        bound.set(new Bound(server, connections));
                        port = server.port();
                        return port;
                    });
        });
    }

    /** Closes socket and connections, waits, and listens again; the port may be taken for a moment, so it tries on. */
    Mono<Void> restart(Duration down) {
        return unbind().then(Mono.delay(down))
                .then(bind().retryWhen(Retry.fixedDelay(REBIND_ATTEMPTS, REBIND_PAUSE))).then();
    }

    Mono<Void> close() {
        return unbind().then(Mono.defer(() -> loops.disposeLater(Duration.ZERO, CLOSE_TIMEOUT)));
    }

    private Mono<Void> unbind() {
        return Mono.defer(() -> {
            Bound old = bound.getAndSet(null);
            return old == null
                    ? Mono.empty()
                    : FutureMono.deferFuture(() -> old.server().channel().close())
                            .then(FutureMono.deferFuture(() -> old.connections().close()));
        });
    }
}
