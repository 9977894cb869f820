package dev.coxswain.executors.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes files whose content nobody is to find again: overwritten, synced, removed. Where a file system writes to another
 * place that is all that can be done. A file with a second name is only unlinked: its other name may be somebody's file.
 * Blocks.
 */
final class Wiping {
    private static final Logger LOG = LoggerFactory.getLogger(Wiping.class);
    private static final int BLOCK = 64 << 10;

    private Wiping() {}

    /** Whether nothing is left; what is left has been logged. */
    static boolean wipe(Path path) {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        try {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    if (attributes.isRegularFile() && links(file) == 1) {
                        overwrite(file, attributes.size());
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException | UncheckedIOException e) {
            // removing it matters more
            LOG.warn("{} could not be overwritten: {}", path, e.toString());
        }
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) ? TreeRemoval.remove(path) : unlink(path);
    }

    private static boolean unlink(Path file) {
        try {
            Files.deleteIfExists(file);
            return true;
        } catch (IOException e) {
            LOG.warn("{} could not be removed: {}", file, e.toString());
            return false;
        }
    }

    private static int links(Path file) throws IOException {
        return (Integer) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
    }

    private static void overwrite(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(BLOCK, Math.max(1, size)));
            for (long at = 0; at < size; at += channel.write(zeros, at)) {
                zeros.clear().limit((int) Math.min(zeros.capacity(), size - at));
            }
            channel.force(false);
        }
    }
}
