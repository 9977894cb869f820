package dev.coxswain.supervisor.upload;

import java.util.Map;

import io.netty.channel.DefaultFileRegion;
import reactor.netty.NettyOutbound;

/** How a file's bytes get into the connection; one object for each attempt. */
interface Body {
    NettyOutbound send(NettyOutbound outbound);

    /** Bytes that the transport has really taken. */
    long sentBytes();

    /** The connection has taken so many bytes of the body more. */
    void taken(int bytes);

    /** Digests of everything; called once, after the last byte. */
    Map<DigestKind, String> digests();

    /** The kernel sends the file: no byte enters the JVM. Plain HTTP only. */
    record ZeroCopy(DefaultFileRegion region) implements Body {
        @Override
        public NettyOutbound send(NettyOutbound outbound) {
            return outbound.sendObject(region.retain());
        }

        /** Written by the event loop, read by the timer: a stale value costs one tick. */
        @Override
        public long sentBytes() {
            return region.transferred();
        }

        @Override
        public void taken(int bytes) {
            // the region itself counts
        }

        @Override
        public Map<DigestKind, String> digests() {
            return Map.of();
        }
    }
}
