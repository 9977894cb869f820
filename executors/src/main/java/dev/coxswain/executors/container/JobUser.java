package dev.coxswain.executors.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.WorkspaceException;
import dev.coxswain.executors.files.WorkspaceFiles;

/**
 * Who a job is in its container, and whose its files are on this host: one and the same, or it could not read them, or we
 * could not remove them. A container's root has no rights over the files of others.
 *
 * @param name user and group as the container counts them
 */
record JobUser(String name, WorkspaceFiles.Owner owner) {
    private static final String UID = "unix:uid";
    private static final String GID = "unix:gid";

    /**
     * @param ours a folder of this process's user
     * @param rootless whether the container's root is the user who runs the engine
     * @param wanted number in the container; null for nobody in particular
     */
    static JobUser of(Path ours, boolean rootless, @Nullable Integer wanted) throws IOException {
        int uid = (int) Files.getAttribute(ours, UID, LinkOption.NOFOLLOW_LINKS);
        int gid = (int) Files.getAttribute(ours, GID, LinkOption.NOFOLLOW_LINKS);
        return of(uid, gid, rootless, wanted);
    }

    static JobUser of(int uid, int gid, boolean rootless, @Nullable Integer wanted) {
        if (rootless) {
            if (wanted != null && wanted != 0) {
                throw new WorkspaceException("an engine without root can't run a job as user " + wanted
                        + ": the job's folder would not be that user's; remove the executor's runAsUser");
            }
            return new JobUser("0:0", WorkspaceFiles.Owner.US);
        }
        if (wanted == null || wanted == uid) {
            return new JobUser(uid + ":" + gid, WorkspaceFiles.Owner.US);
        }
        if (uid != 0) {
            throw new WorkspaceException("a supervisor of user " + uid + " can't give files to user " + wanted
                    + ": remove the executor's runAsUser, or run the supervisor as root");
        }
        return new JobUser(wanted + ":" + wanted, made -> {
            Files.setAttribute(made, GID, wanted, LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(made, UID, wanted, LinkOption.NOFOLLOW_LINKS);
        });
    }
}
