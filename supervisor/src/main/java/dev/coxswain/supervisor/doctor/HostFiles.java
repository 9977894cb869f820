package dev.coxswain.supervisor.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads small files of this host below a root, which is {@code /} outside of tests. */
record HostFiles(Path root) {
    /** mountinfo is the longest; a host with many containers has some hundred lines. */
    private static final int MAX_BYTES = 1 << 20;

    /** The text of this absolute path, or empty when it can't be read. */
    Optional<String> text(String path) {
        try (InputStream in = Files.newInputStream(at(path))) {
            return Optional.of(new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    boolean exists(String path) {
        return Files.exists(at(path));
    }

    boolean isWritable(Path path) {
        return Files.isWritable(at(path.toString()));
    }

    private Path at(String path) {
        return root.resolve(path.replaceFirst("^/+", ""));
    }
}
