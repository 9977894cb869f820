package dev.coxswain.supervisor.http;

import java.util.Arrays;

import io.netty.buffer.ByteBuf;

/** Takes in an answer chunk by chunk, up to a limit. The chunks stay the caller's: nothing is retained. */
final class AnswerBytes {
    private static final int FIRST = 512;

    private final int limit;
    private byte[] bytes;
    private int length;

    /** {@code announced}: Content-Length, or -1. */
    AnswerBytes(int limit, long announced) {
        this.limit = limit;
        // a stated length of some size is believed only as the bytes come in
        this.bytes = new byte[(int) Math.min(announced < 0 ? FIRST : announced, Math.min(limit, 64 * 1024))];
    }

    AnswerBytes append(ByteBuf chunk) {
        int more = chunk.readableBytes();
        if (more > limit - length) {
            throw new TooLong();
        }
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(limit, Math.max(length + more, bytes.length * 2L)));
        }
        chunk.readBytes(bytes, length, more);
        length += more;
        return this;
    }

    byte[] toArray() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    /** The limit is passed; {@link JsonCalls} knows which call it was. */
    static final class TooLong extends RuntimeException {
        TooLong() {
            super("answer too long", null, false, false);
        }
    }
}
