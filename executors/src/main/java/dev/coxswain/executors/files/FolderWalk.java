package dev.coxswain.executors.files;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;

/** Walks a folder of a workspace, one entry at a time, never following a link. What vanishes meanwhile is left out. Blocks. */
public final class FolderWalk {
    private final Path root;
    private final int most;
    private final Deque<Path> ahead = new ArrayDeque<>();
    private int seen;

    /** @param root the workspace */
    FolderWalk(Path root, Path folder, int most) {
        this.root = root;
        this.most = most;
        enter(folder);
    }

    /** The next entry, or null at the end. */
    public Workspace.@Nullable Entry next() {
        while (!ahead.isEmpty()) {
            Path path = ahead.pop();
            BasicFileAttributes attributes = attributes(path);
            if (attributes == null) {
                continue;
            }
            String relative = root.relativize(path).toString();
            if (attributes.isRegularFile()) {
                return new Workspace.Entry(relative, false, attributes.size());
            }
            if (attributes.isDirectory() && !path.getFileName().toString().startsWith(".")) {
                enter(path);
                return new Workspace.Entry(relative, true, 0);
            }
        }
        return null;
    }

    private static @Nullable BasicFileAttributes attributes(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw WorkspaceFiles.failure("cannot look at " + path.getFileName(), e);
        }
    }

    private void enter(Path folder) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            for (Path entry : stream) {
                if (++seen > most) {
                    throw new WorkspaceException("more than " + most + " files and folders lie in the workspace");
                }
                entries.add(entry);
            }
        } catch (NoSuchFileException e) {
            return;
        } catch (DirectoryIteratorException e) {
            throw WorkspaceFiles.failure("cannot list " + folder.getFileName(), Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw WorkspaceFiles.failure("cannot list " + folder.getFileName(), e);
        }
        entries.sort(Comparator.comparing((Path path) -> path.getFileName().toString()).reversed());
        entries.forEach(ahead::push);
    }
}
