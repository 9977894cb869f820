package dev.coxswain.supervisor.simulator;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** One request with its target and its fate; used by the event loop of its connection. */
final class Exchange {
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter
            .ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final int PATH_KEPT = 200;

    final HttpServerRequest request;
    final HttpServerResponse response;
    final Router.Target target;
    final FaultDice.Draw draw;
    final long arrivedNanos;
    final @Nullable String holder;
    /** The connection itself: what the request calls its connection is another thing after the answer. */
    final Channel channel;
    private int status;

    Exchange(HttpServerRequest request, HttpServerResponse response, Router.Target target, FaultDice.Draw draw,
            long arrivedNanos, @Nullable String holder) {
        this.request = request;
        this.response = response;
        this.target = target;
        this.draw = draw;
        this.arrivedNanos = arrivedNanos;
        this.holder = holder;
        Channel[] found = new Channel[1];
        request.withConnection(connection -> found[0] = connection.channel());
        channel = found[0];
    }

    CallKind kind() {
        return target.kind();
    }

    /** Its Authorization header; empty without one. */
    String authorization() {
        return request.requestHeaders().get(HttpHeaderNames.AUTHORIZATION, "");
    }

    /** Whether any fault meets it. */
    boolean faulted() {
        return draw.fault() != null || !draw.delay().isZero();
    }

    /** A raw URI without its query. */
    static String path(String uri) {
        int question = uri.indexOf('?');
        return question < 0 ? uri : uri.substring(0, question);
    }

    /** Sets status and headers of the answer. */
    void head(Answer answer, Instant date, int lengthBytes) {
        status = answer.status();
        response.status(answer.status());
        response.header(HttpHeaderNames.DATE, HTTP_DATE.format(date));
        if (!answer.contentType().isEmpty()) {
            response.header(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
        }
        answer.headers().forEach(response::header);
        response.header(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(lengthBytes));
    }

    /** What the ledger keeps of it. A path that holds a token is left out. */
    RequestEntry entry(long nowNanos, boolean leaky) {
        String path = leaky ? "(left out)" : path(request.uri());
        return new RequestEntry(arrivedNanos, (nowNanos - arrivedNanos) / 1000, request.method().name(),
                path.length() > PATH_KEPT ? path.substring(0, PATH_KEPT) : path, kind(), holder, status, draw.fault());
    }
}
