package dev.coxswain.executors.signing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.coxswain.executors.WorkspaceException;

/**
 * The central directory of a ZIP file, which is an input like any other: it is read within limits, and what it says is
 * checked against the file. No entry of 4 GiB is understood; more than 65,535 entries are. Blocks.
 *
 * @param start where the directory begins: entries lie before it
 */
record ZipIndex(long start, List<ZipIndex.Entry> entries) {
    static final int END = 0x06054b50;
    static final int END64 = 0x06064b50;
    static final int LOCATOR64 = 0x07064b50;
    static final int END_BYTES = 22;
    static final int END64_BYTES = 56;
    static final int LOCATOR64_BYTES = 20;
    private static final int HEADER = 0x02014b50;
    private static final int HEADER_BYTES = 46;
    private static final int MOST_COMMENT = 0xffff;
    private static final int MOST_BYTES = 64 << 20;
    private static final long WHOLE = 0xffff_ffffL;

    /**
     * One entry, as its record in the directory has it.
     *
     * @param record the whole record, little endian
     */
    record Entry(ByteBuffer record, String name, long compressed, long offset) {}

    /** Fails with a {@link WorkspaceException} for what is no ZIP file that can be signed. */
    static ZipIndex read(FileChannel file) throws IOException {
        long size = file.size();
        if (size >= WHOLE) {
            throw bad("it is longer than 4 GiB");
        }
        ByteBuffer tail = bytes(file, Math.max(0, size - END_BYTES - MOST_COMMENT),
                (int) Math.min(size, END_BYTES + MOST_COMMENT));
        int end = end(tail);
        long endAt = size - tail.limit() + end;
        long count = tail.getShort(end + 10) & 0xffff;
        long length = tail.getInt(end + 12) & WHOLE;
        long start = tail.getInt(end + 16) & WHOLE;
        if (endAt >= LOCATOR64_BYTES + END64_BYTES) {
            ByteBuffer locator = bytes(file, endAt - LOCATOR64_BYTES, LOCATOR64_BYTES);
            if (locator.getInt(0) == LOCATOR64) {
                long end64At = locator.getLong(8);
                if (end64At < 0 || end64At > endAt - LOCATOR64_BYTES - END64_BYTES) {
                    throw bad("its directory is not where it says");
                }
                ByteBuffer end64 = bytes(file, end64At, END64_BYTES);
                if (end64.getInt(0) != END64) {
                    throw bad("its directory is not where it says");
                }
                count = end64.getLong(32);
                length = end64.getLong(40);
                start = end64.getLong(48);
            }
        }
        if (length < 0 || start < 0 || length > MOST_BYTES || start + length > endAt) {
            throw bad("its directory is too long, or not where it says");
        }
        List<Entry> entries = entries(bytes(file, start, (int) length), count);
        if (entries.stream().mapToLong(Entry::compressed).sum() > start) {
            throw bad("its entries overlap");
        }
        return new ZipIndex(start, entries);
    }

    private static int end(ByteBuffer tail) {
        for (int at = tail.limit() - END_BYTES; at >= 0; at--) {
            if (tail.getInt(at) == END && at + END_BYTES + (tail.getShort(at + 20) & 0xffff) == tail.limit()) {
                return at;
            }
        }
        throw bad("it is no ZIP file");
    }

    private static List<Entry> entries(ByteBuffer directory, long count) {
        List<Entry> entries = new ArrayList<>();
        int at = 0;
        while (at + HEADER_BYTES <= directory.limit() && directory.getInt(at) == HEADER) {
            int name = directory.getShort(at + 28) & 0xffff;
            int bytes = HEADER_BYTES + name + (directory.getShort(at + 30) & 0xffff)
                    + (directory.getShort(at + 32) & 0xffff);
            if (at + bytes > directory.limit()) {
                throw bad("its directory is cut off");
            }
            ByteBuffer record = directory.slice(at, bytes).order(ByteOrder.LITTLE_ENDIAN);
            byte[] text = new byte[name];
            record.get(HEADER_BYTES, text);
            long compressed = record.getInt(20) & WHOLE;
            long offset = record.getInt(42) & WHOLE;
            if (compressed == WHOLE || offset == WHOLE || (record.getInt(24) & WHOLE) == WHOLE) {
                throw bad("an entry has the form for 4 GiB and more");
            }
            // only names of the plain alphabet are ever looked at
            entries.add(new Entry(record, new String(text, StandardCharsets.ISO_8859_1), compressed, offset));
            at += bytes;
        }
        if (entries.size() != count) {
            throw bad("its directory does not have as many entries as it says");
        }
        return entries;
    }

    static ByteBuffer bytes(FileChannel file, long at, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, at + bytes.position()) < 0) {
                throw bad("it is cut off");
            }
        }
        return bytes.flip();
    }

    static WorkspaceException bad(String why) {
        return new WorkspaceException("it can't be signed: " + why);
    }
}
