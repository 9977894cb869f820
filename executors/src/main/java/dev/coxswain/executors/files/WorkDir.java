package dev.coxswain.executors.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of all workspaces of one executor. */
public final class WorkDir {
    private WorkDir() {}

    /** Makes it (0700) where it is missing; what is there stays as it is. Returns its real path. Blocks. */
    public static Path make(Path workDir) throws IOException {
        if (!Files.isDirectory(workDir)) {
            Path parent = workDir.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            try {
                Files.createDirectory(workDir, WorkspaceFiles.PRIVATE_FOLDER);
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(workDir)) {
                    throw e;
                }
            }
        }
        return workDir.toRealPath();
    }
}
