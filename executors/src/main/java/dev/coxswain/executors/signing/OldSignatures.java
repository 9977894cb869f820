package dev.coxswain.executors.signing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Copies a ZIP file without the signatures that it has: the entries of a JAR's signature, and Android's signing block,
 * which lies between the entries. The others keep their order, names, methods and compressed bytes: nothing is inflated,
 * so that no bomb goes off, and the copy is never longer than the original. Blocks.
 */
final class OldSignatures {
    private static final int LOCAL = 0x04034b50;
    private static final int LOCAL_BYTES = 30;
    private static final int SIZES_FOLLOW = 1 << 3;
    private static final int MOST_16 = 0xffff;

    private OldSignatures() {}

    /** Emptied of signatures into {@code to}; returns how many entries were left out. */
    static int strip(FileChannel from, FileChannel to) throws IOException {
        ZipIndex index = ZipIndex.read(from);
        List<ByteBuffer> kept = new ArrayList<>();
        for (ZipIndex.Entry entry : index.entries()) {
            if (!isSignature(entry.name())) {
                kept.add(copy(from, index.start(), entry, to));
            }
        }
        long start = to.position();
        for (ByteBuffer record : kept) {
            write(to, record);
        }
        end(to, kept.size(), start, to.position() - start);
        return index.entries().size() - kept.size();
    }

    /** Whether a JAR's signature, or the list that it signs, has this name; letter case does not count. */
    static boolean isSignature(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        if (!upper.startsWith("META-INF/")) {
            return false;
        }
        String file = upper.substring("META-INF/".length());
        return file.indexOf('/') < 0 && (file.equals("MANIFEST.MF") || file.startsWith("SIG-") || file.endsWith(".SF")
                || file.endsWith(".RSA") || file.endsWith(".DSA") || file.endsWith(".EC"));
    }

    /** Copies one entry, its sizes in front of it, and returns its record for the new directory. */
    private static ByteBuffer copy(FileChannel from, long limit, ZipIndex.Entry entry, FileChannel to)
            throws IOException {
        if (entry.offset() + LOCAL_BYTES > limit) {
            throw ZipIndex.bad("an entry is not where it says");
        }
        ByteBuffer fixed = ZipIndex.bytes(from, entry.offset(), LOCAL_BYTES);
        int header = LOCAL_BYTES + (fixed.getShort(26) & MOST_16) + (fixed.getShort(28) & MOST_16);
        if (fixed.getInt(0) != LOCAL || entry.offset() + header + entry.compressed() > limit) {
            throw ZipIndex.bad("an entry is not where it says");
        }
        ByteBuffer local = ZipIndex.bytes(from, entry.offset(), header);
        ByteBuffer record = entry.record();
        short flags = (short) (record.getShort(8) & ~SIZES_FOLLOW);
        local.putShort(6, flags);
        for (int field = 0; field < 12; field += 4) { // checksum, compressed and full size
            local.putInt(14 + field, record.getInt(16 + field));
        }
        record.putShort(8, flags).putInt(42, (int) to.position());
        write(to, local);
        long at = entry.offset() + header;
        long left = entry.compressed();
        while (left > 0) {
            long copied = from.transferTo(at, left, to);
            if (copied <= 0) {
                throw ZipIndex.bad("it is cut off");
            }
            at += copied;
            left -= copied;
        }
        return record;
    }

    private static void end(FileChannel to, int count, long start, long length) throws IOException {
        ByteBuffer end = ByteBuffer
                .allocate(ZipIndex.END64_BYTES + ZipIndex.LOCATOR64_BYTES + ZipIndex.END_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        boolean many = count >= MOST_16;
        if (many) {
            end.putInt(ZipIndex.END64).putLong(ZipIndex.END64_BYTES - 12).putShort((short) 45).putShort((short) 45)
                    .putInt(0).putInt(0).putLong(count).putLong(count).putLong(length).putLong(start);
            end.putInt(ZipIndex.LOCATOR64).putInt(0).putLong(start + length).putInt(1);
        }
        short told = (short) (many ? MOST_16 : count);
        end.putInt(ZipIndex.END).putShort((short) 0).putShort((short) 0).putShort(told).putShort(told)
                .putInt((int) length).putInt((int) start).putShort((short) 0);
        write(to, end.flip());
    }

    private static void write(FileChannel to, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }
}
