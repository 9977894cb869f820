package dev.coxswain.supervisor.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

/**
 * The part of one log that is on disk: two segments of half its bound each; when both are full the older one goes. Its
 * log writes from one thread at a time, on the scheduler for files; {@link #segments()} may be read from any.
 */
final class Spill {
    private final SpillFiles files;
    private final Path directory;
    private final String name;
    private final long segmentBytes;
    private final LogTally tally;
    private volatile List<Segment> segments = List.of();
    private final AtomicLong droppedBytes = new AtomicLong();
    private @Nullable FileChannel open;
    private int made;

    Spill(SpillFiles files, Path directory, String name, long maxBytes, LogTally tally) {
        this.files = files;
        this.directory = directory;
        this.name = name;
        this.segmentBytes = maxBytes / 2;
        this.tally = tally;
    }

    /** Whether there may be anything on disk at all. */
    boolean isPossible() {
        return segmentBytes > 0;
    }

    /** Whether no file is open. */
    boolean isClosed() {
        return open == null;
    }

    /** What is on disk, oldest first. */
    List<Segment> segments() {
        return segments;
    }

    /** Bytes that were on disk and went because of the bound. */
    long droppedBytes() {
        return droppedBytes.get();
    }

    Path directory() {
        return directory;
    }

    /**
     * Writes what follows the newest segment. When the disk refuses, the bytes that it took until then are in
     * {@link #segments()}.
     */
    void write(long place, ByteBuffer bytes) throws IOException {
        long first = place - bytes.position();
        while (bytes.hasRemaining()) {
            Segment current = roomy(first + bytes.position());
            FileChannel channel = open;
            if (channel == null) {
                throw new IOException("the spill file is closed");
            }
            int whole = bytes.limit();
            bytes.limit((int) Math.min(whole, bytes.position() + segmentBytes - current.length()));
            try {
                int taken = channel.write(bytes);
                replaceLast(current.longer(taken));
                tally.spilled(taken);
            } finally {
                bytes.limit(whole);
            }
        }
    }

    /** Closes the file that is being written; what is on disk stays. */
    void close() throws IOException {
        FileChannel channel = open;
        open = null;
        if (channel != null) {
            channel.close();
        }
    }

    /** Closes and removes everything; every file is tried. */
    void delete() throws IOException {
        List<Segment> all = segments;
        segments = List.of();
        IOException failed = null;
        try {
            close();
        } catch (IOException e) {
            failed = e;
        }
        for (Segment segment : all) {
            tally.spilled(-segment.length());
            try {
                Files.deleteIfExists(segment.file());
            } catch (IOException e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    private Segment roomy(long place) throws IOException {
        List<Segment> now = segments;
        if (open != null && now.getLast().length() < segmentBytes) {
            return now.getLast();
        }
        close();
        if (now.size() == 2) {
            dropOldest();
        }
        Path file = directory.resolve(name + "-" + made++ + ".log");
        open = files.create(file);
        Segment next = new Segment(file, place, 0);
        List<Segment> more = new ArrayList<>(segments);
        more.add(next);
        segments = List.copyOf(more);
        return next;
    }

    private void dropOldest() throws IOException {
        Segment oldest = segments.getFirst();
        segments = segments.subList(1, segments.size());
        droppedBytes.addAndGet(oldest.length());
        tally.dropped(oldest.length());
        tally.spilled(-oldest.length());
        Files.deleteIfExists(oldest.file());
    }

    private void replaceLast(Segment last) {
        List<Segment> now = segments;
        segments = now.size() == 1 ? List.of(last) : List.of(now.getFirst(), last);
    }

    /**
     * One file.
     *
     * @param file where it is
     * @param start place in the log of its first byte
     * @param length bytes in it
     */
    record Segment(Path file, long start, long length) {
        long end() {
            return start + length;
        }

        Segment longer(int more) {
            return new Segment(file, start, length + more);
        }
    }
}
