package dev.coxswain.supervisor.coderunner;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import reactor.core.publisher.Mono;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.FutureMono;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/** The server's port: at most {@value #MOST_CONNECTIONS} connections, each with bounded headers, none idle for long. */
final class HttpListener {
    private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);
    private static final int MOST_CONNECTIONS = 8_192;
    private static final int LONGEST_LINE = 16 << 10;
    static final int LONGEST_HEADERS = 32 << 10;
    private static final Duration IDLE = Duration.ofSeconds(60);
    /** What is still read of a body that nobody wants, so that its sender sees the answer. */
    private static final long MOST_DISCARDED = 64L << 20;
    private static final Duration LONGEST_DISCARDING = Duration.ofSeconds(5);

    private final CoderunnerConfig config;
    private final LoopResources loops;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final AtomicReference<@Nullable DisposableServer> bound = new AtomicReference<>();

    HttpListener(CoderunnerConfig config, LoopResources loops) {
        this.config = config;
        this.loops = loops;
    }

    /** Listens, and emits where; fails with a {@link CoderunnerException}. */
    Mono<URI> start(Function<HttpServerRequest, Mono<Reply>> handler) {
        return HttpServer.create().runOn(loops).host(config.host()).port(config.port())
                .httpRequestDecoder(limits -> limits.maxInitialLineLength(LONGEST_LINE).maxHeaderSize(LONGEST_HEADERS))
                .idleTimeout(IDLE).doOnChannelInit((observer, channel, remote) -> admit(channel))
                .handle((request, response) -> handler.apply(request)
                        .flatMap(reply -> sent(request, response, reply)).takeUntilOther(closed(request)))
                .bind().map(this::listening).onErrorMap(ChannelBindException.class, this::explained);
    }

    /** Completes when the caller has gone away: nobody waits for the answer any more. */
    private static Mono<Void> closed(HttpServerRequest request) {
        return Mono.defer(() -> {
            AtomicReference<@Nullable Channel> channel = new AtomicReference<>();
            request.withConnection(connection -> channel.set(connection.channel()));
            Channel of = channel.get();
            return of == null ? Mono.never() : FutureMono.from(of.closeFuture());
        });
    }

    private void admit(Channel channel) {
        if (connections.size() >= MOST_CONNECTIONS) {
            LOG.warn("closing a connection beyond {}", MOST_CONNECTIONS);
            var unused = channel.close();
        } else {
            connections.add(channel);
        }
    }

    /** A refusal may come before the body: then the rest is thrown away, and the connection closed, lest it be taken for a request. */
    private static Mono<Void> sent(HttpServerRequest request, HttpServerResponse response, Reply reply) {
        boolean hasBody = Bodies.length(request) > 0
                || request.requestHeaders().contains(HttpHeaderNames.TRANSFER_ENCODING);
        if (!hasBody || !(reply instanceof JsonReply json) || !json.isRefusal()) {
            return Mono.from(reply.send(response));
        }
        response.keepAlive(false);
        if (request.requestHeaders().contains(HttpHeaderNames.EXPECT)) {
            // it was not asked for, so it does not come
            return Mono.from(reply.send(response));
        }
        AtomicLong discarded = new AtomicLong();
        Mono<Void> rest = request.receive().map(ByteBuf::readableBytes)
                .takeUntil(bytes -> discarded.addAndGet(bytes) > MOST_DISCARDED).then()
                .timeout(LONGEST_DISCARDING, Mono.empty()).onErrorComplete();
        return Mono.from(reply.send(response)).then(rest);
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

    private Throwable explained(ChannelBindException failure) {
        return new CoderunnerException("controlPlanes." + config.name() + ".listen: cannot listen on " + config.host()
                + ":" + config.port() + " (" + (failure.getCause() == null ? failure : failure.getCause()).getMessage()
                + "); choose a free port and an address of this host, or port 0", failure);
    }

    /** Closes the port, then every connection. Safe to repeat. */
    Mono<Void> stop() {
        return Mono.defer(() -> {
            DisposableServer server = bound.getAndSet(null);
            Mono<Void> closed = Mono.empty();
            if (server != null) {
                server.dispose();
                closed = server.onDispose().onErrorComplete();
            }
            return closed.then(Mono.defer(() -> FutureMono.from(connections.close()).onErrorComplete()));
        });
    }
}
