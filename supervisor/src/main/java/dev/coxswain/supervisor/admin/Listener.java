package dev.coxswain.supervisor.admin;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import reactor.core.publisher.Mono;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.FutureMono;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.resources.LoopResources;

/**
 * One small HTTP server with an event loop of its own, so that neither it nor the job traffic waits for the other. At
 * most {@value #MOST_CONNECTIONS} connections; a slow or idle one is closed.
 */
final class Listener {
    private static final Logger log = LoggerFactory.getLogger(Listener.class);
    private static final int MOST_CONNECTIONS = 256;
    private static final int LONGEST_LINE = 8_192;
    private static final int LONGEST_HEADERS = 16_384;
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(60);

    private final String key;
    private final String host;
    private final int port;
    private final Function<HttpServerRequest, Mono<Reply>> handler;
    private final LoopResources loops;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicReference<@Nullable DisposableServer> bound = new AtomicReference<>();

    /**
     * Binds nothing yet.
     *
     * @param name of the threads
     * @param key where host and port are configured, for error texts
     */
    Listener(String name, String key, String host, int port, Function<HttpServerRequest, Mono<Reply>> handler) {
        this.key = key;
        this.host = host;
        this.port = port;
        this.handler = handler;
        this.loops = LoopResources.create(name, 1, true);
    }

    /** Listens, and emits where; fails with a {@link ListenException}. Once only. */
    Mono<URI> start() {
        return Mono.defer(() -> {
            if (!started.compareAndSet(false, true)) {
                return Mono.error(new IllegalStateException(key + " was started before"));
            }
            return server().bind().map(this::listening).onErrorMap(this::explain);
        });
    }

    private HttpServer server() {
        return HttpServer.create().runOn(loops).host(host).port(port)
                .httpRequestDecoder(limits -> limits.maxInitialLineLength(LONGEST_LINE).maxHeaderSize(LONGEST_HEADERS))
                .requestTimeout(REQUEST_TIMEOUT).idleTimeout(IDLE_TIMEOUT)
                .doOnChannelInit((observer, channel, remote) -> admit(channel))
                .handle((request, response) -> answer(request).flatMap(reply -> Mono.from(reply.send(response))));
    }

    private void admit(Channel channel) {
        if (connections.size() >= MOST_CONNECTIONS) {
            log.warn("{}: closing a connection beyond {}", key, MOST_CONNECTIONS);
            var unused = channel.close();
        } else {
            connections.add(channel);
        }
    }

    private Mono<Reply> answer(HttpServerRequest request) {
        return Mono.defer(() -> handler.apply(request)).onErrorResume(Refusal.class, e -> Mono.just(e.reply()))
                .onErrorResume(e -> {
                    log.error("{}: a request failed and was answered with 500", key, e);
                    return Mono.just(new Refusal(500, "internal", "see the supervisor's log").reply());
                });
    }

    private URI listening(DisposableServer server) {
        bound.set(server);
        InetSocketAddress address = (InetSocketAddress) server.address();
        String literal = address.getAddress().isAnyLocalAddress()
                ? "127.0.0.1"
                : NetUtil.toAddressString(address.getAddress());
        return URI
                .create("http://" + (literal.contains(":") ? "[" + literal + "]" : literal) + ":" + address.getPort());
    }

    private Throwable explain(Throwable failure) {
        Throwable cause = failure instanceof ChannelBindException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        String where = host + ":" + port;
        String why = String.valueOf(cause.getMessage());
        if (why.contains("in use")) {
            return new ListenException(key, where + " is taken by another program; choose another port, or 0 for a "
                    + "free one", failure);
        }
        return new ListenException(key, "cannot listen on " + where + " (" + why + "); choose an address of this host "
                + "and a port above 1023, or 0 for a free one", failure);
    }

    /** Closes the port, then every connection, followers of logs included. Safe to repeat. */
    Mono<Void> stop() {
        return Mono.defer(() -> {
            DisposableServer server = bound.getAndSet(null);
            Mono<Void> closed = Mono.empty();
            if (server != null) {
                server.dispose();
                closed = server.onDispose().onErrorComplete();
            }
            return closed.then(Mono.defer(() -> FutureMono.from(connections.close()).onErrorComplete()))
                    .then(loops.disposeLater(Duration.ZERO, Duration.ofSeconds(2)));
        });
    }
}
