package dev.coxswain.supervisor.upload;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslHandler;

/** A store that reads bytes off the wire itself, so that it sees what was really sent, and answers as its script says. */
final class RudeStore implements AutoCloseable {
    /**
     * A request as it came.
     *
     * @param head request line and headers, one character for each byte
     * @param number from 1, in the order of arrival
     */
    record Seen(String head, int number) {
        String line() {
            return head.substring(0, head.indexOf("\r\n"));
        }

        String target() {
            return line().split(" ", -1)[1];
        }

        List<String> headers() {
            return List.of(head.split("\r\n")).subList(1, head.split("\r\n").length);
        }

        String header(String name) {
            for (String header : headers()) {
                if (header.regionMatches(true, 0, name + ": ", 0, name.length() + 2)) {
                    return header.substring(name.length() + 2);
                }
            }
            return "";
        }
    }

    /**
     * What to do with a request.
     *
     * @param response raw text to answer with, empty for none
     * @param early answer after the head, without reading the body
     * @param readBytes how much of the body to read before nothing more is read
     * @param reset close when that much was read
     * @param held answer only when {@link #release} says so
     */
    record Reply(String response, boolean early, long readBytes, boolean reset, boolean held) {
        static Reply status(int status, String... headers) {
            return body(status, "", headers);
        }

        static Reply body(int status, String body, String... headers) {
            String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
            return new Reply("HTTP/1.1 " + status + " X\r\n" + lines + "Content-Length: " + body.length() + "\r\n\r\n"
                    + body, false, Long.MAX_VALUE, false, false);
        }

        static Reply code(int status, String code) {
            return body(status, "<?xml version='1.0'?><Error><Code>" + code + "</Code><Message>no</Message></Error>");
        }

        static Reply stall(long afterBytes) {
            return new Reply("", false, afterBytes, false, false);
        }

        static Reply reset(long afterBytes) {
            return new Reply("", false, afterBytes, true, false);
        }

        Reply hold() {
            return new Reply(response, early, readBytes, reset, true);
        }
    }

    final List<Seen> seen = new CopyOnWriteArrayList<>();
    final List<Long> sizes = new CopyOnWriteArrayList<>();
    final BlockingQueue<Seen> arrivals = new LinkedBlockingQueue<>();
    final BlockingQueue<String> aborts = new LinkedBlockingQueue<>();
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger atOnce = new AtomicInteger();
    final AtomicInteger mostAtOnce = new AtomicInteger();
    final List<byte[]> bodies = new CopyOnWriteArrayList<>();
    volatile boolean keepBodies = true;

    private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<Runnable> held = new ArrayList<>();
    private final Function<Seen, Reply> script;
    private final Channel server;

    RudeStore(Function<Seen, Reply> script) {
        this(script, null);
    }

    RudeStore(Function<Seen, Reply> script, @Nullable SSLContext tls) {
        this.script = script;
        server = new ServerBootstrap().group(loop).channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.SO_RCVBUF, 64 << 10).childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (tls != null) {
                            var engine = tls.createSSLEngine();
                            engine.setUseClientMode(false);
                            channel.pipeline().addLast(new SslHandler(engine));
                        }
                        channel.pipeline().addLast(new Conversation());
                    }
                }).bind("127.0.0.1", 0).syncUninterruptibly().channel();
    }

    int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    String url(String target) {
        return "http://127.0.0.1:" + port() + target;
    }

    /** Answers the oldest held request. */
    void release() {
        Runnable answer;
        synchronized (held) {
            answer = held.remove(0);
        }
        loop.next().execute(answer);
    }

    Seen awaitRequest() throws InterruptedException {
        Seen next = arrivals.poll(60, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no request came");
        }
        return next;
    }

    @Override
    public void close() {
        if (loop.isShuttingDown()) {
            return;
        }
        server.close().syncUninterruptibly();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Conversation extends ChannelInboundHandlerAdapter {
        private final StringBuilder head = new StringBuilder();
        private @Nullable Seen current;
        private Reply reply = Reply.status(200);
        private long length;
        private long received;
        private ByteBuf body = Unpooled.buffer();

        @Override
        public void channelActive(ChannelHandlerContext context) {
            connections.incrementAndGet();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            try {
                while (bytes.isReadable()) {
                    if (current == null) {
                        head.append((char) (bytes.readByte() & 0xff));
                        if (head.length() >= 4 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
                            begin(context);
                        }
                    } else {
                        int take = (int) Math.min(bytes.readableBytes(), length - received);
                        if (keepBodies) {
                            body.writeBytes(bytes, take);
                        } else {
                            bytes.skipBytes(take);
                        }
                        received += take;
                        progress(context);
                    }
                }
            } finally {
                bytes.release();
            }
        }

        private void begin(ChannelHandlerContext context) {
            Seen request;
            synchronized (RudeStore.this) {
                request = new Seen(head.toString(), seen.size() + 1);
                seen.add(request);
            }
            head.setLength(0);
            current = request;
            received = 0;
            body = Unpooled.buffer();
            String stated = request.header("content-length");
            length = stated.isEmpty() ? 0 : Long.parseLong(stated);
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            reply = script.apply(request);
            arrivals.add(request);
            if (reply.early()) {
                context.channel().config().setAutoRead(false);
                context.writeAndFlush(text(reply.response())).addListener(ChannelFutureListener.CLOSE);
            } else {
                progress(context);
            }
        }

        private void progress(ChannelHandlerContext context) {
            if (received >= Math.min(reply.readBytes(), length) && (reply.reset() || reply.readBytes() < length)) {
                if (reply.reset()) {
                    var unused = context.close();
                } else {
                    context.channel().config().setAutoRead(false);
                }
            } else if (received == length && current != null) {
                current = null;
                sizes.add(received);
                byte[] content = new byte[body.readableBytes()];
                body.readBytes(content);
                bodies.add(content);
                Runnable answer = () -> {
                    atOnce.decrementAndGet();
                    var unused = context.writeAndFlush(text(reply.response()));
                };
                if (reply.held()) {
                    synchronized (held) {
                        held.add(answer);
                    }
                } else {
                    answer.run();
                }
            }
        }

        private ByteBuf text(String text) {
            return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (current != null) {
                atOnce.decrementAndGet();
                aborts.add(current.line());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var unused = context.close();
        }
    }
}
