package dev.coxswain.supervisor.journal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Folders and files of the state folder, for their owner only. */
final class StateFiles {
    /** 0600. */
    static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-------");

    private StateFiles() {}

    /** Makes the folder and those above it, 0700, unless it exists. */
    static void folder(Path dir) throws IOException {
        if (!Files.isDirectory(dir)) {
            Files.createDirectories(dir,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    /** Makes an empty file, 0600, or takes the rights of others away from the one that exists. */
    static void file(Path file) throws IOException {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PRIVATE));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isRegularFile(file)) {
                throw new FileSystemException(file.toString(), null, "is no regular file");
            }
            if (!Files.getPosixFilePermissions(file).equals(PRIVATE)) {
                Files.setPosixFilePermissions(file, PRIVATE);
            }
        }
    }

    /** What went wrong, in words; the JDK's texts often are only a path. */
    static String why(IOException failure) {
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return "a file of that name is in the way";
        }
        if (failure instanceof FileSystemException inFileSystem && inFileSystem.getReason() != null) {
            return inFileSystem.getReason();
        }
        return String.valueOf(failure.getMessage());
    }
}
