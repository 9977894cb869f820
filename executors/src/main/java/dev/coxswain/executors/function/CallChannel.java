package dev.coxswain.executors.function;

import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import reactor.core.publisher.Mono;

/**
 * The way to one process and back, beside its outputs: a socket in its workspace that takes one connection. One message a
 * line. All of it happens on the thread of the socket.
 */
final class CallChannel {
    private static final Logger log = LoggerFactory.getLogger(CallChannel.class);
    /** A result of 1 MiB, each of its characters written as an escape. */
    private static final int LONGEST_LINE = 8 << 20;
    /** One call at a time, so never more than this waits for the process. */
    private static final int MOST_WAITING = 4;

    private final Consumer<String> lines;
    private final Queue<String> waiting = new ArrayDeque<>();
    private @Nullable Channel server;
    private @Nullable Channel peer;
    private boolean closed;

    /** @param lines gets what the process says, on the socket's thread; must not block */
    CallChannel(Consumer<String> lines) {
        this.lines = lines;
    }

    /** Makes the socket. Completes when a process can connect. */
    Mono<Void> listen(EventLoopGroup loop, SocketAddress address) {
        return Mono.create(sink -> {
            ServerBootstrap bootstrap = new ServerBootstrap().group(loop).channel(NioServerDomainSocketChannel.class)
                    .childHandler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel connected) {
                            connected.pipeline().addLast(new LineBasedFrameDecoder(LONGEST_LINE), new Reader());
                        }
                    });
            bootstrap.bind(address).addListener((ChannelFuture bound) -> {
                if (bound.isSuccess()) {
                    opened(bound.channel());
                    sink.success();
                } else {
                    sink.error(bound.cause());
                }
            });
        });
    }

    private synchronized void opened(Channel listening) {
        server = listening;
        if (closed) {
            end(listening);
        }
    }

    /** The first to connect is the process; nobody after it. */
    private synchronized boolean connected(Channel channel) {
        if (closed || peer != null) {
            return false;
        }
        peer = channel;
        for (String line = waiting.poll(); line != null; line = waiting.poll()) {
            write(channel, line);
        }
        Channel listening = server;
        if (listening != null) {
            end(listening);
        }
        return true;
    }

    private static void end(Channel channel) {
        channel.close().addListener(closed -> {
            if (!closed.isSuccess()) {
                log.warn("a channel can't be closed: {}", String.valueOf(closed.cause()));
            }
        });
    }

    private static void write(Channel channel, String line) {
        ByteBuf bytes = channel.alloc().buffer(line.length() + 1);
        bytes.writeCharSequence(line, StandardCharsets.UTF_8);
        bytes.writeByte('\n');
        channel.writeAndFlush(bytes).addListener(written -> {
            if (!written.isSuccess()) {
                log.debug("a call did not reach its process: {}", String.valueOf(written.cause()));
            }
        });
    }

    /** Reads no more of what the process says, but for what has arrived. */
    synchronized void pause() {
        reading(false);
    }

    /** Reads on; nothing when it does. */
    synchronized void resume() {
        reading(true);
    }

    private void reading(boolean wanted) {
        Channel connection = peer;
        if (connection != null && connection.config().isAutoRead() != wanted) {
            connection.config().setAutoRead(wanted);
        }
    }

    /** Tells the process something, when it is connected. */
    synchronized void send(String line) {
        Channel to = peer;
        if (to != null) {
            write(to, line);
        } else if (!closed && waiting.size() < MOST_WAITING) {
            waiting.add(line);
        }
    }

    /** Runs this when all that the process ever said has been read; at once when it never connected. Once it is dead. */
    void whenRead(Runnable then) {
        Channel connection;
        synchronized (this) {
            connection = peer;
        }
        if (connection == null) {
            then.run();
        } else {
            connection.closeFuture().addListener(ended -> then.run());
        }
    }

    /** Safe to repeat. */
    synchronized void close() {
        closed = true;
        waiting.clear();
        Channel listening = server;
        Channel connection = peer;
        if (listening != null) {
            end(listening);
        }
        if (connection != null) {
            end(connection);
        }
    }

    private final class Reader extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            if (!connected(context.channel())) {
                end(context.channel());
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf line) {
            lines.accept(line.toString(StandardCharsets.UTF_8));
        }

        /** A line that is too long, or a process that is gone: its end tells what became of the call. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            log.debug("the channel of a process broke: {}", failure.toString());
            end(context.channel());
        }
    }
}
