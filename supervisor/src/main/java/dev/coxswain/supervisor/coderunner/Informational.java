package dev.coxswain.supervisor.coderunner;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * Leaves out what a service says before its answer, as {@code 103 Early Hints}: the client would take that for the answer, and
 * a caller would wait for ever (RFC 9110, 15.2). {@code 100 Continue} and a change of protocols are the client's own business.
 */
final class Informational extends ChannelInboundHandlerAdapter {
    static final String NAME = "coxswain.informational";

    private boolean leftOut;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpResponse response) {
            leftOut = isLeftOut(response.status());
        }
        if (!leftOut) {
            context.fireChannelRead(message);
            return;
        }
        leftOut = !(message instanceof LastHttpContent);
        ReferenceCountUtil.release(message);
        // nobody else asks for what follows it
        context.read();
    }

    private static boolean isLeftOut(HttpResponseStatus status) {
        return status.codeClass() == HttpStatusClass.INFORMATIONAL && !status.equals(HttpResponseStatus.CONTINUE)
                && !status.equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
    }
}
