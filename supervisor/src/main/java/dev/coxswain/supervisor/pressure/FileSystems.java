package dev.coxswain.supervisor.pressure;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the file system of a folder has left. Blocking. */
interface FileSystems {
    /**
     * Amounts of one kind.
     *
     * @param free what an ordinary process may take
     */
    record Amount(long total, long free) {
        double used() {
            return total <= 0 ? 1 : Math.min(1, Math.max(0, 1 - (double) free / total));
        }
    }

    /** Bytes. */
    Amount space(Path folder) throws IOException;

    /** Inodes; fails where the file system has no fixed number of them. */
    Amount inodes(Path folder) throws IOException;

    /** Those of this host. */
    static FileSystems ofHost() {
        return new FileSystems() {
            @Override
            public Amount space(Path folder) throws IOException {
                FileStore store = Files.getFileStore(there(folder));
                Amount amount = new Amount(store.getTotalSpace(), store.getUsableSpace());
                if (amount.total() <= 0) {
                    throw new IOException("the file system of " + folder + " does not tell its size");
                }
                return amount;
            }

            @Override
            public Amount inodes(Path folder) throws IOException {
                try {
                    return Statvfs.inodes(there(folder));
                } catch (LinkageError e) {
                    throw new IOException("statvfs can't be called: " + e.getMessage(), e);
                }
            }
        };
    }

    /** The folder, or the nearest one above it that exists: it is made when it is first needed. */
    private static Path there(Path folder) {
        Path there = folder.toAbsolutePath().normalize();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }
}
