package dev.coxswain.executors.container;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.JobKeys;
import dev.coxswain.executors.WorkspaceException;
import dev.coxswain.executors.exec.OwnNames;
import dev.coxswain.executors.files.TreeRemoval;
import dev.coxswain.executors.files.WorkDir;
import dev.coxswain.executors.files.WorkspaceFiles;

/**
 * The folders of jobs in containers of one engine. Each job has its own, {@code <workDir>/<jobKey>}, and one for the marks
 * beside it, {@code <workDir>/.containers/<engine>/<life>/<jobKey>}, which is made first and removed last: so it also says
 * what a life has left. Blocks.
 */
final class JobFolders {
    private static final Logger log = LoggerFactory.getLogger(JobFolders.class);

    private final Path workDir;
    private final String engine;

    /** @param socket of the engine: of another one's containers we do not know whether they are gone */
    JobFolders(Path workDir, Path socket) {
        this.workDir = workDir;
        this.engine = OwnNames.digest(socket.toString());
    }

    /**
     * Of one job.
     *
     * @param root the workspace
     */
    record Of(Path root, Path marks) {
        void mark(String name) {
            try {
                Files.write(marks.resolve(name), new byte[0], StandardOpenOption.CREATE);
            } catch (IOException e) {
                throw WorkspaceFiles.failure("cannot leave a mark for a command in " + marks, e);
            }
        }

        boolean remove() {
            return TreeRemoval.remove(root) && TreeRemoval.remove(marks);
        }
    }

    /** @param owner gets the workspace */
    Of make(String jobKey, WorkspaceFiles.Owner owner) {
        try {
            Path real = WorkDir.make(workDir);
            if (real.toString().indexOf(':') >= 0) {
                throw new WorkspaceException("no container can see " + real
                        + ": there is a colon in its name; set supervisor.workDir to another folder");
            }
            Path life = real.resolve(".containers").resolve(engine).resolve(OwnNames.THIS_LIFE);
            Of folders = new Of(real.resolve(jobKey), life.resolve(jobKey));
            if (Files.exists(folders.root(), LinkOption.NOFOLLOW_LINKS)) {
                throw new WorkspaceException("cannot make the workspace " + folders.root() + ": it exists already");
            }
            Files.createDirectories(life, WorkspaceFiles.PRIVATE_FOLDER);
            Files.createDirectory(folders.marks(), WorkspaceFiles.PRIVATE_FOLDER);
            try {
                Files.createDirectory(folders.root(), WorkspaceFiles.PRIVATE_FOLDER);
            } catch (IOException e) {
                TreeRemoval.remove(folders.marks());
                throw e;
            }
            give(folders, owner);
            return folders;
        } catch (IOException e) {
            throw WorkspaceFiles.failure("cannot make the workspace " + workDir.resolve(jobKey), e);
        }
    }

    private static void give(Of folders, WorkspaceFiles.Owner owner) throws IOException {
        try {
            owner.take(folders.marks());
            owner.take(folders.root());
        } catch (IOException e) {
            folders.remove();
            throw e;
        }
    }

    /** Removes what former lives left; how many workspaces that were. */
    int removeLeftovers() {
        int removed = 0;
        for (Path life : in(workDir.resolve(".containers").resolve(engine))) {
            if (life.endsWith(OwnNames.THIS_LIFE)) {
                continue;
            }
            boolean whole = true;
            for (Path marks : in(life)) {
                Path name = marks.getFileName();
                if (name != null && JobKeys.isSafe(name.toString())
                        && new Of(workDir.resolve(name), marks).remove()) {
                    removed++;
                } else {
                    whole = false;
                }
            }
            if (whole) {
                TreeRemoval.remove(life);
            }
        }
        return removed;
    }

    private static List<Path> in(Path folder) {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                entries.forEach(found::add);
            } catch (IOException e) {
                log.warn("what a former life left in {} can't be listed: {}", folder, e.toString());
            }
        }
        return found;
    }
}
