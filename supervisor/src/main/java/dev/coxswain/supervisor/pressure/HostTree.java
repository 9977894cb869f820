package dev.coxswain.supervisor.pressure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** The small files of {@code /proc} and {@code /sys} below a root, which is {@code /} outside of tests. Blocking. */
record HostTree(Path root) {
    /** The longest is mountinfo, with some hundred lines where there are many containers. */
    private static final int MAX_BYTES = 1 << 20;

    /** The text of this absolute path. */
    String text(String path) throws IOException {
        try (InputStream in = Files.newInputStream(at(path))) {
            return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
        }
    }

    /** The same, or empty when there is no such file. */
    Optional<String> textIfThere(String path) throws IOException {
        try {
            return Optional.of(text(path));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** How many entries a folder has. */
    long entries(String path) throws IOException {
        long count = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(at(path))) {
            for (Path ignored : entries) {
                count++;
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return count;
    }

    private Path at(String path) {
        return root.resolve(path.replaceFirst("^/+", ""));
    }
}
