package dev.coxswain.supervisor.pressure;

import java.io.IOException;
import java.nio.file.Path;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;

/** {@code statvfs(3)} for what the JDK does not tell: inodes. Only where the structure is known: 64-bit Linux. */
final class Statvfs {
    /** The structure has 112 bytes. */
    private static final int ROOM = 256;
    private static final long FILES_AT = 40;
    private static final long FILES_AVAILABLE_AT = 56;

    static {
        Native.register(Statvfs.class, "c");
    }

    private Statvfs() {}

    private static native int statvfs(String path, Pointer answer);

    static FileSystems.Amount inodes(Path folder) throws IOException {
        if (!Platform.isLinux() || Native.LONG_SIZE != 8) {
            throw new IOException("inodes are known on 64-bit Linux only");
        }
        try (Memory answer = new Memory(ROOM)) {
            if (statvfs(folder.toString(), answer) != 0) {
                throw new IOException("statvfs of " + folder + ": error " + Native.getLastError());
            }
            long total = answer.getLong(FILES_AT);
            if (total <= 0) {
                throw new IOException("the file system of " + folder + " has no fixed number of inodes");
            }
            return new FileSystems.Amount(total, answer.getLong(FILES_AVAILABLE_AT));
        }
    }
}
