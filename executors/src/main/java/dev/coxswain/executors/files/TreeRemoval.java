package dev.coxswain.executors.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes a folder with all that is in it, never following a link. Copes with what jobs leave: folders without permissions,
 * and trees so deep that their paths are too long for the kernel. Holds one folder open at a time. Blocks.
 */
public final class TreeRemoval {
    private static final Logger log = LoggerFactory.getLogger(TreeRemoval.class);
    /** In characters of up to 3 bytes: such a folder's entries (255 bytes each) stay below the kernel's 4096 bytes. */
    private static final int LONGEST_PATH = 1000;

    private final Path root;
    private final Deque<Path> open = new ArrayDeque<>();
    private final Set<Path> entered = new HashSet<>();
    private int moved;
    private int failures;

    private TreeRemoval(Path root) {
        this.root = root;
    }

    /** Whether nothing is left; what is left has been logged. */
    public static boolean remove(Path root) {
        return new TreeRemoval(root).run();
    }

    private boolean run() {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        open.push(root);
        while (!open.isEmpty()) {
            Path folder = open.peek();
            try {
                if (entered.add(folder)) {
                    enter(folder);
                } else {
                    open.pop();
                    entered.remove(folder);
                    deleteEmpty(folder);
                }
            } catch (NoSuchFileException e) {
                log.trace("{} is gone already", folder);
            } catch (IOException e) {
                failed(folder, e);
            }
        }
        return failures == 0;
    }

    /** Removes the files of a folder and remembers its folders. */
    private void enter(Path folder) throws IOException {
        for (Path entry : entries(folder)) {
            if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                open.push(entry.toString().length() > LONGEST_PATH ? raise(entry) : entry);
            } else {
                delete(folder, entry);
            }
        }
    }

    private void deleteEmpty(Path folder) throws IOException {
        try {
            Files.delete(folder);
        } catch (AccessDeniedException e) {
            Path parent = folder.getParent();
            if (folder.equals(root) || parent == null) {
                throw e;
            }
            allow(parent);
            Files.delete(folder);
        }
    }

    private List<Path> entries(Path folder) throws IOException {
        try {
            return list(folder);
        } catch (AccessDeniedException e) {
            allow(folder);
            return list(folder);
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(found::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }

    private void delete(Path folder, Path file) {
        try {
            try {
                Files.deleteIfExists(file);
            } catch (AccessDeniedException e) {
                allow(folder);
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            failed(file, e);
        }
    }

    /** Brings a folder that lies too deep up to the root. */
    private Path raise(Path folder) throws IOException {
        allow(root);
        Path target;
        do {
            target = root.resolve(".cox-raised-" + moved++);
        } while (Files.exists(target, LinkOption.NOFOLLOW_LINKS));
        return Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void allow(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }

    /** The first few by name, the rest as a number: a job may leave millions. */
    private void failed(Path path, IOException e) {
        if (failures++ < 3) {
            log.warn("{} could not be removed: {}", path, e.toString());
        }
        if (path.equals(root)) {
            log.warn("the workspace {} stays, with {} entries that could not be removed", root, failures - 1);
        }
    }
}
