package dev.coxswain.executors.signing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

import dev.coxswain.executors.WorkspaceException;

/**
 * A file without its old signatures, in a folder of this host, until it is moved into a workspace. What
 * makes it may still run when a cancel has it removed, so whichever of the two comes last removes it. Blocks.
 */
final class TemporaryCopy {
    private final Path file;
    private volatile boolean over;

    TemporaryCopy(Path folder) {
        this.file = folder.resolve("cox-signing-" + UUID.randomUUID());
    }

    Path file() {
        return file;
    }

    /** Fills it (0600); returns how many entries were left out. */
    int fill(Path original) {
        try (FileChannel from = FileChannel.open(original, StandardOpenOption.READ);
                FileChannel to = FileChannel.open(file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            return OldSignatures.strip(from, to);
        } catch (IOException e) {
            throw new WorkspaceException("it can't be copied without its old signatures: " + e, e);
        } finally {
            if (over) {
                remove();
            }
        }
    }

    void remove() {
        over = true;
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new WorkspaceException("the temporary file " + file + " can't be removed", e);
        }
    }
}
