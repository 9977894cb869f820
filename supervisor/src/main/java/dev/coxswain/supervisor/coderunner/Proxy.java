package dev.coxswain.supervisor.coderunner;

import java.time.Duration;

import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import reactor.core.publisher.Mono;
import reactor.netty.NettyPipeline;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/** Passes requests through to services on this host, both bodies as they come (contract section 8, type 4). */
final class Proxy {
    private static final Logger LOG = LoggerFactory.getLogger(Proxy.class);
    private static final int CONNECTIONS = 256;
    private static final int WAITING = 1_024;
    private static final int CONNECT_MILLIS = 2_000;

    private final ConnectionProvider connections;
    private final HttpClient client;

    /**
     * @param loops of the server, so that a request and its answer stay on one thread
     * @param pools told of the connections to services
     */
    Proxy(LoopResources loops, ConnectionProvider.MeterRegistrar pools) {
        this.connections = ConnectionProvider.builder("coderunner-services").maxConnections(CONNECTIONS)
                .pendingAcquireMaxCount(WAITING).pendingAcquireTimeout(Duration.ofSeconds(10))
                .maxIdleTime(Duration.ofSeconds(10)).metrics(true, () -> pools).build();
        this.client = HttpClient.create(connections).runOn(loops).followRedirect(false).compress(false)
                .keepAlive(true).option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .httpResponseDecoder(limits -> limits.maxHeaderSize(HttpListener.LONGEST_HEADERS))
                .doOnChannelInit((observer, channel, remote) -> channel.pipeline().addAfter(NettyPipeline.HttpCodec,
                        Informational.NAME, new Informational()));
    }

    /** @param pathAndQuery as the service shall see it */
    Reply reply(HttpServerRequest request, String pathAndQuery, HttpHeaders headers, Services.Live live) {
        return new Reply() {
            @Override
            public int status() {
                return 200;
            }

            @Override
            public Publisher<Void> send(HttpServerResponse response) {
                return live.used(forward(request, pathAndQuery, headers, live, response));
            }
        };
    }

    private Mono<Void> forward(HttpServerRequest request, String pathAndQuery, HttpHeaders headers,
            Services.Live live, HttpServerResponse response) {
        HttpClient.RequestSender sender = client.headers(own -> own.set(headers)).request(request.method())
                .uri("http://127.0.0.1:" + live.port() + pathAndQuery);
        boolean hasBody = headers.contains(HttpHeaderNames.CONTENT_LENGTH)
                || headers.contains(HttpHeaderNames.TRANSFER_ENCODING);
        HttpClient.ResponseReceiver<?> call = hasBody
                ? sender.send((out, outbound) -> outbound.send(request.receive().retain()))
                : sender;
        return call.<Void>response((answer, body) -> {
            response.status(answer.status()).headers(ForwardedHeaders.copy(answer.responseHeaders()));
            response.header(FunctionRoutes.EXECUTION_HEADER, live.execution().toString());
            // flushed piece by piece: the service may mean to be heard before it has said all
            return response.send(body.retain(), piece -> true);
        }).then().onErrorResume(e -> {
            LOG.debug("a service did not answer: execution={}", live.execution(), e);
            return response.hasSentHeaders()
                    ? brokenOff(response)
                    : Mono.from(JsonReply.refused(Refusal.unavailable("the deployment does not answer", 1))
                            .send(response));
        });
    }

    /** A clean end would say that this was all, and an error that the server is to blame. */
    private static Mono<Void> brokenOff(HttpServerResponse response) {
        return Mono.create(sink -> response.withConnection(connection -> connection.channel().close()
                .addListener(closed -> sink.success())));
    }

    Mono<Void> close() {
        return connections.disposeLater();
    }
}
