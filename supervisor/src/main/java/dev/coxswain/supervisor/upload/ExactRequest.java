package dev.coxswain.supervisor.upload;

import java.util.function.IntConsumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * The last hand on one request before it is encoded: puts the signed path and query into the request line untouched, and
 * leaves no header but those that were decided on. The HTTP client would have cleaned the first and added to the second.
 * Counts the body's bytes as the transport takes them. Leaves the pipeline after the request.
 */
final class ExactRequest extends ChannelOutboundHandlerAdapter {
    private final String target;
    private final HttpHeaders headers;
    private final IntConsumer taken;

    ExactRequest(String target, HttpHeaders headers, IntConsumer taken) {
        this.target = target;
        this.headers = headers;
        this.taken = taken;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpRequest request) {
            request.setUri(target);
            request.headers().clear().add(headers);
        }
        int bytes = bodyBytes(message);
        ChannelPromise written = promise;
        if (bytes > 0) {
            // the sender's own promise takes no listeners
            written = context.newPromise();
            written.addListener(done -> {
                if (done.isSuccess()) {
                    taken.accept(bytes);
                    promise.trySuccess();
                } else {
                    promise.tryFailure(done.cause());
                }
            });
        }
        ChannelFuture unused = context.write(message, written);
        if (message instanceof LastHttpContent) {
            context.pipeline().remove(this);
        }
    }

    private static int bodyBytes(Object message) {
        return switch (message) {
            case ByteBuf bytes -> bytes.readableBytes();
            case ByteBufHolder holder -> holder.content().readableBytes();
            default -> 0;
        };
    }
}
