package dev.coxswain.supervisor.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much room the folders of the configuration have; blocking, for the doctor's scheduler. */
final class DiskFindings {
    private static final long LITTLE_BYTES = 2L << 30;

    private DiskFindings() {}

    /** Looks at the folder, or at the nearest one above it that exists: it is made when it is first needed. */
    static Finding of(String name, Path folder) {
        Path there = folder.toAbsolutePath().normalize();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there) || !Files.isWritable(there)) {
            return Finding.missing(name, folder + ": " + there + " is no folder that this user may write to",
                    "create it and give it to the user of the supervisor");
        }
        try {
            FileStore store = Files.getFileStore(there);
            String detail = folder + ": " + Amounts.bytes(store.getUsableSpace()) + " free, " + store.type();
            return store.getUsableSpace() >= LITTLE_BYTES
                    ? Finding.ok(name, detail)
                    : Finding.warn(name, detail, "make room, or set slots.refuseWhen.diskFreeBelow");
        } catch (IOException e) {
            return Finding.warn(name, folder + ": free space is not known (" + e.getMessage() + ")",
                    "slots.refuseWhen.diskFreeBelow can't be used for it");
        }
    }
}
