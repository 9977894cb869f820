package dev.coxswain.supervisor.coderunner;

import org.reactivestreams.Publisher;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import reactor.netty.http.server.HttpServerResponse;

/** An answer of a handler's own. */
@SuppressWarnings("ArrayRecordComponent")
record PlainReply(int status, HttpHeaders headers, byte[] body) implements Reply {
    @Override
    public Publisher<Void> send(HttpServerResponse response) {
        response.status(status);
        headers.forEach(header -> response.addHeader(header.getKey(), header.getValue()));
        if (status == 204 || status == 304) {
            return response.send();
        }
        response.header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length));
        return response.sendObject(Unpooled.wrappedBuffer(body));
    }
}
