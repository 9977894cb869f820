package dev.coxswain.executors.container;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.coxswain.executors.CommandEvent.Stream;
import dev.coxswain.executors.exec.ExecFrame;

/**
 * Takes the two streams of an exec apart: each piece has a head of eight bytes, the stream's number, three zeros and the
 * length. For one exec. Passes on what has come; keeps nothing but a head that is not whole.
 */
final class FrameReader {
    private static final int HEAD = 8;
    private static final int MOST = 64 << 10;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;

    private final ByteBuffer head = ByteBuffer.allocate(HEAD);
    private Stream stream = Stream.STDOUT;
    private long left;

    /** What these bytes hold; an {@link EngineException} when they are no such stream. */
    List<ExecFrame> take(byte[] bytes) {
        List<ExecFrame> frames = new ArrayList<>(1);
        int at = 0;
        while (at < bytes.length) {
            if (left == 0) {
                int missing = Math.min(head.remaining(), bytes.length - at);
                head.put(bytes, at, missing);
                at += missing;
                if (!head.hasRemaining()) {
                    begin();
                }
            } else {
                int length = (int) Math.min(Math.min(left, MOST), bytes.length - at);
                frames.add(new ExecFrame.Output(stream, Arrays.copyOfRange(bytes, at, at + length)));
                at += length;
                left -= length;
            }
        }
        return frames;
    }

    /** Whether the stream may end here. */
    boolean isWhole() {
        return left == 0 && head.position() == 0;
    }

    private void begin() {
        head.flip();
        int number = head.get();
        if ((number != STDOUT && number != STDERR) || head.get() != 0 || head.get() != 0 || head.get() != 0) {
            throw new EngineException(0, "the output of an exec is not cut as it should be");
        }
        stream = number == STDOUT ? Stream.STDOUT : Stream.STDERR;
        left = Integer.toUnsignedLong(head.getInt());
        head.clear();
    }
}
