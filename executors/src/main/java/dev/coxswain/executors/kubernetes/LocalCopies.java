package dev.coxswain.executors.kubernetes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.WorkspaceException;

/**
 * Copies of files of one workspace, under the paths that they really have there, so that where a link leads can be seen from
 * the copy. Blocks.
 */
final class LocalCopies {
    private static final Logger log = LoggerFactory.getLogger(LocalCopies.class);
    private static final AtomicLong PARTS = new AtomicLong();

    private final Path folder;

    /** @param folder made with the first copy, removed by {@link #remove()} */
    LocalCopies(Path folder) {
        this.folder = folder;
    }

    /** A new file that is being filled. */
    record Part(Path file, FileChannel channel) {
        void add(byte[] bytes) throws IOException {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
        }

        void drop() {
            try {
                channel.close();
                Files.deleteIfExists(file);
            } catch (IOException e) {
                log.warn("{} could not be removed: {}", file, e.toString());
            }
        }
    }

    Part begin() throws IOException {
        Path parts = folder.resolve("parts");
        make(parts);
        Path file = parts.resolve(Long.toString(PARTS.incrementAndGet()));
        return new Part(file, FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
    }

    /**
     * Puts a whole file in its place.
     *
     * @param real as the pod told it: not to be trusted
     */
    Path keep(Part part, String real) throws IOException {
        part.channel().close();
        Path place = folder.resolve("files");
        for (String name : PodPaths.file(real)) {
            if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
                Files.deleteIfExists(place);
                make(place);
            }
            place = place.resolve(name);
        }
        if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            remove(place);
        }
        return Files.move(part.file(), place, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void make(Path folder) throws IOException {
        Path parent = folder.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            Files.createDirectories(parent);
        }
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    /** All of them. What can't be removed is logged. */
    void remove() {
        try {
            remove(folder);
        } catch (IOException e) {
            log.warn("{} could not be removed: {}", folder, e.toString());
        }
    }

    static void remove(Path tree) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path left, @Nullable IOException e) throws IOException {
                Files.deleteIfExists(left);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    static WorkspaceException failure(String what, IOException e) {
        return new WorkspaceException(what + ": " + (e instanceof NoSuchFileException
                ? "no such file or folder"
                : e.toString()), e);
    }
}
