package dev.coxswain.supervisor.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;

import picocli.CommandLine;

/**
 * A file with the token of a person. A token is never an argument: everybody on the host could read it there.
 *
 * @param name of the file; {@code -} for standard input
 */
record TokenFile(String name) {
    private static final int MOST_BYTES = 64 << 10;

    /** How messages call it. */
    String source() {
        return isInput() ? "standard input" : name;
    }

    /** What is in it. Fails with a {@link CliException}. */
    String text() {
        try (InputStream in = isInput() ? System.in : Files.newInputStream(Path.of(name))) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        } catch (IOException | IllegalArgumentException e) {
            throw new CliException(
                    "--token-file: " + source() + " can't be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** Warns when others on this host can read it as well. */
    void warn(CommandLine line) {
        if (!isInput() && isOpen()) {
            line.getErr().println("cox: warning: " + name + " can be read by everybody on this host: chmod 600 it");
            line.getErr().flush();
        }
    }

    private boolean isOpen() {
        try {
            PosixFileAttributeView view = Files.getFileAttributeView(Path.of(name), PosixFileAttributeView.class);
            return view != null && view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | IllegalArgumentException e) {
            // it was read a moment ago; that it is gone harms nobody
            return false;
        }
    }

    private boolean isInput() {
        return name.equals("-");
    }
}
