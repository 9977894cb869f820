package dev.coxswain.supervisor.upload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;
import reactor.netty.NettyOutbound;

/**
 * Reads the file in chunks off the event loop, for TLS and for digests. At most {@value #SLOTS} chunks of
 * {@value #CHUNK} bytes exist: a chunk's buffer is read into again when the connection has taken it. (The outbound's own
 * demand is no bound: it asks for 128 buffers ahead.)
 */
final class StreamedBody implements Body {
    static final int CHUNK = 128 << 10;
    static final int SLOTS = 4;

    private final OpenFile.Opened file;
    private final Scheduler files;
    private final Digests digests;
    private final boolean digesting;
    private final ByteBuffer[] ring;
    private long sent;
    private long awaited;
    private @Nullable MonoSink<Void> waiter;

    StreamedBody(OpenFile.Opened file, Scheduler files, Set<DigestKind> kinds) {
        this.file = file;
        this.files = files;
        digests = new Digests(kinds);
        digesting = !kinds.isEmpty();
        ring = new ByteBuffer[Math.min(SLOTS, count())];
    }

    @Override
    public NettyOutbound send(NettyOutbound outbound) {
        return outbound.send(chunks(), each -> true);
    }

    /** The file in order, as far ahead of what was {@link #taken} as there are slots. */
    Flux<ByteBuf> chunks() {
        return Flux.range(0, count())
                .concatMap(i -> room(i).then(Mono.fromCallable(() -> read(i)).subscribeOn(files)), 1);
    }

    @Override
    public synchronized long sentBytes() {
        return sent;
    }

    @Override
    public void taken(int bytes) {
        MonoSink<Void> ready = null;
        synchronized (this) {
            sent += bytes;
            if (sent >= awaited) {
                ready = waiter;
                waiter = null;
            }
        }
        if (ready != null) {
            ready.success();
        }
    }

    @Override
    public Map<DigestKind, String> digests() {
        return digests.finish();
    }

    private int count() {
        return Math.toIntExact((file.artifact().sizeBytes() + CHUNK - 1) / CHUNK);
    }

    /** Completes when the slot of chunk {@code i} is free: everything up to its former content has been taken. */
    private Mono<Void> room(int i) {
        long free = Math.min((i - SLOTS + 1L) * CHUNK, file.artifact().sizeBytes());
        return Mono.create(sink -> {
            synchronized (this) {
                if (sent < free) {
                    awaited = free;
                    waiter = sink;
                    return;
                }
            }
            sink.success();
        });
    }

    private ByteBuf read(int i) throws IOException {
        long at = (long) i * CHUNK;
        int length = (int) Math.min(CHUNK, file.artifact().sizeBytes() - at);
        ByteBuffer buffer = ring[i % SLOTS];
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(length);
            ring[i % SLOTS] = buffer;
        }
        buffer.clear().limit(length);
        while (buffer.hasRemaining()) {
            if (file.channel().read(buffer, at + buffer.position()) < 0) {
                throw OpenFile.changed(file.artifact(), file.channel().size());
            }
        }
        buffer.flip();
        if (digesting) {
            digests.update(buffer);
        }
        return Unpooled.wrappedBuffer(buffer);
    }
}
