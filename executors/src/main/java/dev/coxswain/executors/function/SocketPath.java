package dev.coxswain.executors.function;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.WorkspaceException;

/**
 * An address of a socket in a folder. The system takes about a hundred bytes for one, and a workspace may lie deeper; then a
 * link with a short name leads there while the socket is made. The process itself uses a relative name. Blocks.
 *
 * @param link the folder of the link; null when none is needed
 */
record SocketPath(UnixDomainSocketAddress address, @Nullable Path link) {
    /** Of the 104 to 108 bytes that systems have room for, one ends the name. */
    private static final int LONGEST = 100;
    private static final String NAME = "w";

    static SocketPath of(Path folder, String name) {
        Path whole = folder.resolve(name);
        if (whole.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST) {
            return new SocketPath(UnixDomainSocketAddress.of(whole), null);
        }
        try {
            Path link = Files.createTempDirectory("cox-");
            Files.createSymbolicLink(link.resolve(NAME), folder);
            return new SocketPath(UnixDomainSocketAddress.of(link.resolve(NAME).resolve(name)), link);
        } catch (IOException e) {
            throw new WorkspaceException("cannot make the channel of a process: " + e.getMessage(), e);
        }
    }

    /** Removes the link; the socket stays. */
    void unlink() {
        Path folder = link;
        if (folder != null) {
            try {
                Files.deleteIfExists(folder.resolve(NAME));
                Files.deleteIfExists(folder);
            } catch (IOException e) {
                throw new WorkspaceException("cannot remove " + folder + ": " + e.getMessage(), e);
            }
        }
    }
}
