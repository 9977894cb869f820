package dev.coxswain.supervisor.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.client.AdminException.Kind;
import dev.coxswain.supervisor.controlplane.Secret;

/** The bearer token, from a file. */
public final class AdminToken {
    private static final int MOST_BYTES = 64 << 10;

    private AdminToken() {}

    /**
     * Reads the given file, else the one that {@code COX_ADMIN_TOKEN_FILE} names, else has none. Not for an event loop.
     *
     * @throws AdminException when the file does not hold one word
     */
    public static @Nullable Secret read(@Nullable Path given, Map<String, String> environment) {
        String named = environment.getOrDefault("COX_ADMIN_TOKEN_FILE", "");
        if (given == null && named.isEmpty()) {
            return null;
        }
        try {
            return read(given != null ? given : Path.of(named));
        } catch (InvalidPathException e) {
            throw new AdminException(Kind.USAGE, "COX_ADMIN_TOKEN_FILE names no file");
        }
    }

    private static Secret read(Path file) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (IOException e) {
            throw new AdminException(Kind.USAGE,
                    "the token file " + file + " can't be read (" + e.getClass().getSimpleName() + ")");
        }
        String token = new String(bytes, StandardCharsets.UTF_8).strip();
        if (bytes.length > MOST_BYTES || !token.matches("[\\x21-\\x7e]+")) {
            throw new AdminException(Kind.USAGE, "the token file " + file
                    + " must hold the token and nothing else: one word of printable ASCII");
        }
        return new Secret(token);
    }
}
